package ringside.emulator.device.blk;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What all queues of a disk need to judge a request. Written by control operations under the big lock, before or while
 * queues run; the write cache switch is volatile because a driver may change it at any time (VIRTIO-1.2 §5.2.5.2).
 */
final class BlkDiskState {
    final long capacitySectors;
    final boolean readOnly;
    final byte[] serial;

    /** Features the driver accepted; requests that depend on others are unsupported. */
    volatile long negotiated;

    /** Writes may complete before they are stable. */
    volatile boolean writeback;

    /** A queue was malformed: no queue takes requests until reset (VIRTIO-1.2 §2.1.2; QEMU: vdev->broken). */
    volatile boolean broken;

    BlkDiskState(long capacitySectors, boolean readOnly, String serial) {
        this.capacitySectors = capacitySectors;
        this.readOnly = readOnly;
        this.serial = Arrays.copyOf(serial.getBytes(StandardCharsets.US_ASCII), BlkConstants.VIRTIO_BLK_ID_BYTES);
    }

    boolean has(long feature) {
        return (negotiated & feature) != 0;
    }

    /** Whether a range lies on the disk; sector is any 64-bit value a guest may write. */
    boolean contains(long sector, long sectors) {
        return sector >= 0 && sectors <= capacitySectors && sector <= capacitySectors - sectors;
    }
}
