package ringside.workloads.verify;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import ringside.workloads.pattern.SplitMix64;

/**
 * Puts a stamp into every 512-byte sector of a block that is about to be written. One per lane, confined to its thread;
 * stamping does not allocate. All numbers are little-endian:
 *
 * <pre>
 *   0  u64  magic "RINGSTMP"
 *   8  u64  disk offset of this sector in bytes
 *  16  u64  seed of the lane
 *  24  u64  sequence number of the write, the same in all sectors of a block
 *  32  u32  unit: which buffer was used
 *  36  u32  index of the sector in its block
 *  40  u32  sectors of the block
 *  44  u32  CRC32C of bytes 0..43
 *  48  464 bytes of fill, a function of seed, unit and index of the sector
 * </pre>
 *
 * <p>The fill is made once per buffer; per write only 48 bytes of a sector change. Still each byte can be checked, since
 * the stamp names what the fill was made from.
 */
public final class WriteStamp {
    /** Bytes of a sector. */
    public static final int SECTOR_BYTES = 512;

    static final long MAGIC = 0x504D5453474E4952L;
    static final int OFFSET_AT = 8;
    static final int SEED_AT = 16;
    static final int SEQUENCE_AT = 24;
    static final int UNIT_AT = 32;
    static final int INDEX_AT = 36;
    static final int SECTORS_AT = 40;
    static final int CRC_AT = 44;
    static final int FILL_AT = 48;

    static final ValueLayout.OfLong LE64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt LE32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final long seed;
    private final byte[] header = new byte[FILL_AT];
    private final MemorySegment headerView = MemorySegment.ofArray(header);
    private final CRC32C crc = new CRC32C();
    private long sequence;

    /** @param seed names the writer; different for every lane of a run */
    public WriteStamp(long seed) {
        this.seed = seed;
        headerView.set(LE64, 0, MAGIC);
        headerView.set(LE64, SEED_AT, seed);
    }

    /** Fills a buffer once, before its first stamp. */
    public void fill(MemorySegment buffer, int unit) {
        int sectors = (int) (buffer.byteSize() / SECTOR_BYTES);
        for (int i = 0; i < sectors; i++) {
            SplitMix64 random = new SplitMix64(fillSeed(seed, unit, i));
            for (int at = FILL_AT; at < SECTOR_BYTES; at += Long.BYTES) {
                buffer.set(LE64, (long) i * SECTOR_BYTES + at, random.next());
            }
        }
    }

    /**
     * Stamps a block that is about to be written from a filled buffer.
     *
     * @param buffer the filled buffer
     * @param unit the number it was filled with
     * @param offsetBytes disk offset of the block
     * @param lengthBytes length of the block, a multiple of 512
     */
    public void stamp(MemorySegment buffer, int unit, long offsetBytes, int lengthBytes) {
        int sectors = lengthBytes / SECTOR_BYTES;
        headerView.set(LE64, SEQUENCE_AT, sequence++);
        headerView.set(LE32, UNIT_AT, unit);
        headerView.set(LE32, SECTORS_AT, sectors);
        for (int i = 0; i < sectors; i++) {
            long at = (long) i * SECTOR_BYTES;
            headerView.set(LE64, OFFSET_AT, offsetBytes + at);
            headerView.set(LE32, INDEX_AT, i);
            headerView.set(LE32, CRC_AT, crcOf(header));
            MemorySegment.copy(header, 0, buffer, ValueLayout.JAVA_BYTE, at, FILL_AT);
        }
    }

    private int crcOf(byte[] bytes) {
        crc.reset();
        crc.update(bytes, 0, CRC_AT);
        return (int) crc.getValue();
    }

    static long fillSeed(long seed, int unit, int sector) {
        return SplitMix64.derive(seed, ((long) unit << 32) | sector);
    }
}
