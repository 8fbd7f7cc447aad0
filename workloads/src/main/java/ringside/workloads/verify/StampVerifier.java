package ringside.workloads.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import ringside.workloads.pattern.SplitMix64;

/** Checks data against their {@link WriteStamp}s. Not for the hot path. Confined to one thread. */
public final class StampVerifier {
    private static final int CHUNK_BYTES = 1 << 20;

    private final byte[] header = new byte[WriteStamp.CRC_AT];
    private final CRC32C crc = new CRC32C();

    /** Checks data that were read from this disk offset; the length is a multiple of 512. */
    public StampReport verify(MemorySegment data, long offsetBytes) {
        StampReport.Builder report = new StampReport.Builder();
        check(data, offsetBytes, report);
        return report.build();
    }

    /** Checks data that were read from this disk offset; the length is a multiple of 512. */
    public StampReport verify(byte[] data, long offsetBytes) {
        return verify(MemorySegment.ofArray(data), offsetBytes);
    }

    /**
     * Checks a region of a raw image.
     *
     * @throws UncheckedIOException when the file cannot be read or ends too early
     */
    public StampReport verify(Path image, long offsetBytes, long sizeBytes) {
        StampReport.Builder report = new StampReport.Builder();
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
        try (FileChannel channel = FileChannel.open(image, StandardOpenOption.READ)) {
            for (long done = 0; done < sizeBytes; done += chunk.limit()) {
                chunk.clear().limit((int) Math.min(CHUNK_BYTES, sizeBytes - done));
                readFully(channel, chunk, offsetBytes + done, image);
                check(MemorySegment.ofArray(chunk.array()).asSlice(0, chunk.limit()), offsetBytes + done, report);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return report.build();
    }

    private static void readFully(FileChannel channel, ByteBuffer chunk, long position, Path image) throws IOException {
        while (chunk.hasRemaining()) {
            if (channel.read(chunk, position + chunk.position()) < 0) {
                throw new IOException(image + ": ends before offset " + (position + chunk.limit()));
            }
        }
    }

    private void check(MemorySegment data, long offsetBytes, StampReport.Builder report) {
        for (long at = 0; at < data.byteSize(); at += WriteStamp.SECTOR_BYTES) {
            checkSector(data.asSlice(at, WriteStamp.SECTOR_BYTES), offsetBytes + at, report);
        }
    }

    private void checkSector(MemorySegment sector, long offsetBytes, StampReport.Builder report) {
        if (sector.get(WriteStamp.LE64, 0) != WriteStamp.MAGIC) {
            report.unstamped(offsetBytes);
            return;
        }
        MemorySegment.copy(sector, ValueLayout.JAVA_BYTE, 0, header, 0, header.length);
        crc.reset();
        crc.update(header);
        if ((int) crc.getValue() != sector.get(WriteStamp.LE32, WriteStamp.CRC_AT) || !fillMatches(sector)) {
            report.corrupt(offsetBytes);
            return;
        }
        long written = sector.get(WriteStamp.LE64, WriteStamp.OFFSET_AT);
        if (written != offsetBytes) {
            report.misdirected(offsetBytes, written);
            return;
        }
        report.good(
                offsetBytes,
                sector.get(WriteStamp.LE64, WriteStamp.SEED_AT),
                sector.get(WriteStamp.LE64, WriteStamp.SEQUENCE_AT),
                sector.get(WriteStamp.LE32, WriteStamp.INDEX_AT));
    }

    private static boolean fillMatches(MemorySegment sector) {
        long seed = sector.get(WriteStamp.LE64, WriteStamp.SEED_AT);
        int unit = sector.get(WriteStamp.LE32, WriteStamp.UNIT_AT);
        int index = sector.get(WriteStamp.LE32, WriteStamp.INDEX_AT);
        SplitMix64 random = new SplitMix64(WriteStamp.fillSeed(seed, unit, index));
        for (int at = WriteStamp.FILL_AT; at < WriteStamp.SECTOR_BYTES; at += Long.BYTES) {
            if (sector.get(WriteStamp.LE64, at) != random.next()) {
                return false;
            }
        }
        return true;
    }
}
