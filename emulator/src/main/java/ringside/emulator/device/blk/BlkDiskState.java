package ringside.emulator.device.blk;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.ZonedStorage;

/**
 * What all queues of a disk need to judge a request. Written by control operations under the big lock, before or while
 * queues run; what a driver or a resize may change at any time is volatile.
 */
final class BlkDiskState {
    /** Longest transfer, as in QEMU (BDRV_REQUEST_MAX_SECTORS). */
    private static final long MAX_TRANSFER_BYTES = Integer.MAX_VALUE & -BlkConstants.SECTOR_BYTES;

    final boolean readOnly;
    final byte[] serial;

    /** The storage's wear as GET_LIFETIME answers it; empty where nothing is known. */
    final byte[] lifetime;

    final BlkOptions options;
    final Optional<ZonedStorage> zones;

    /** Longest range of a SECURE_ERASE in sectors. */
    final int maxEraseSectors;

    /** Bits that must be 0 in byte offsets and lengths. */
    private final long blockMask;

    /** Capacity in sectors of 512 bytes; a resize changes it while no queue takes requests. */
    volatile long capacitySectors;

    /** Features the driver accepted; requests that depend on others are unsupported. */
    volatile long negotiated;

    /** Writes may complete before they are stable; a driver may switch it at any time (VIRTIO-1.2 §5.2.5.2). */
    volatile boolean writeback;

    /** A queue was malformed: no queue takes requests until reset (VIRTIO-1.2 §2.1.2; QEMU: vdev->broken). */
    volatile boolean broken;

    BlkDiskState(BlockNode node, BlkSettings settings) {
        this.options = settings.options();
        this.zones = node.zones();
        this.maxEraseSectors = BlkConfigSpace.maxEraseSectors(node, options);
        this.blockMask = options.logicalBlockBytes() - 1L;
        this.capacitySectors = node.lengthBytes() >> BlkConstants.SECTOR_SHIFT;
        this.readOnly = node.readOnly();
        this.serial =
                Arrays.copyOf(settings.serial().getBytes(StandardCharsets.US_ASCII), BlkConstants.VIRTIO_BLK_ID_BYTES);
        this.lifetime = node.lifetime().map(BlkLifetime::encode).orElseGet(() -> new byte[0]);
    }

    boolean has(long feature) {
        return (negotiated & feature) != 0;
    }

    /** Whether a transfer is made of whole logical blocks, no longer than allowed, and lies on the disk. */
    boolean allows(long sector, long bytes) {
        return wholeBlocks(sector, bytes)
                && bytes <= MAX_TRANSFER_BYTES
                && contains(sector, bytes >> BlkConstants.SECTOR_SHIFT);
    }

    /** Whether a range begins and ends at logical blocks. */
    boolean wholeBlocks(long sector, long bytes) {
        return ((sector << BlkConstants.SECTOR_SHIFT | bytes) & blockMask) == 0;
    }

    /** Whether a range lies on the disk; sector is any 64-bit value a guest may write. */
    boolean contains(long sector, long sectors) {
        long capacity = capacitySectors;
        return sector >= 0 && sectors <= capacity && sector <= capacity - sectors;
    }
}
