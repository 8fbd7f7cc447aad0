package ringside.emulator.block.qcow2;

import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * Reads the first word of every sector of a disk from the bytes of an image, independently of what is tested: only plain,
 * zero and stored clusters, with or without subclusters.
 */
final class TagReader {
    private static final int SECTOR = 512;

    private final ByteBuffer image;
    private final int clusterBits;
    private final boolean extended;
    private final long[] behind;

    /** @param behind the tags of the backing file */
    TagReader(byte[] image, long[] behind) {
        this.image = ByteBuffer.wrap(image);
        this.behind = behind;
        this.clusterBits = this.image.getInt(20);
        this.extended = this.image.getInt(4) > 2 && (this.image.getLong(72) & 16) != 0;
    }

    long[] tags() {
        int sectors = (int) (image.getLong(24) / SECTOR);
        long[] tags = new long[sectors];
        for (int sector = 0; sector < sectors; sector++) {
            long guest = (long) sector * SECTOR;
            OptionalLong host = hostOf(guest);
            if (host.isEmpty()) {
                tags[sector] = sector < behind.length ? behind[sector] : 0;
            } else if (host.getAsLong() > 0) {
                tags[sector] = word(host.getAsLong());
            }
        }
        return tags;
    }

    private long word(long at) {
        return at + 8 <= image.capacity() ? image.getLong((int) at) : 0;
    }

    /** Where a byte is stored; 0 when it is zero, empty when it is what is behind. */
    private OptionalLong hostOf(long guest) {
        int entryBytes = extended ? 16 : 8;
        int l2Bits = clusterBits - (extended ? 4 : 3);
        long l1Index = guest >>> clusterBits + l2Bits;
        long table = word(image.getLong(40) + 8 * l1Index) & 0x00ff_ffff_ffff_fe00L;
        if (table == 0) {
            return OptionalLong.empty();
        }
        long at = table + (guest >>> clusterBits & (1L << l2Bits) - 1) * entryBytes;
        long entry = word(at);
        long cluster = entry & 0x00ff_ffff_ffff_fe00L;
        long within = guest & (1L << clusterBits) - 1;
        if (extended) {
            int sub = (int) (within >>> clusterBits - 5);
            long bitmap = word(at + 8);
            if ((bitmap >>> 32 + sub & 1) != 0) {
                return OptionalLong.of(0);
            }
            return (bitmap >>> sub & 1) != 0 ? OptionalLong.of(cluster + within) : OptionalLong.empty();
        }
        if ((entry & 1) != 0) {
            return OptionalLong.of(0);
        }
        return cluster != 0 ? OptionalLong.of(cluster + within) : OptionalLong.empty();
    }
}
