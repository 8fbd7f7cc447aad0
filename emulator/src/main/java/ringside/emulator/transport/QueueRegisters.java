package ringside.emulator.transport;

import ringside.emulator.virtqueue.Virtqueue;
import ringside.emulator.virtqueue.VirtqueueConfig;

/** What a driver has programmed for one queue, and what has become of it. Under the big lock. */
final class QueueRegisters {
    final int index;
    private final int maxSize;

    int num;
    long descGpa;
    long driverGpa;
    long deviceGpa;

    /** The driver made the queue ready, and has not stopped or reset it since. */
    boolean enabled;

    /** A reset of this queue was asked for and is not complete. */
    boolean resetting;

    /** The device works on the ring. */
    boolean running;

    /** As it was when the queue was made ready: later writes change nothing. */
    VirtqueueConfig config;

    /** Not null while the queue is enabled, unless its memory is gone. */
    Virtqueue ring;

    /** Where a ring goes on whose memory was away. */
    int base;

    QueueRegisters(int index, int maxSize) {
        this.index = index;
        this.maxSize = maxSize;
        clear();
    }

    /** Whether the registers stand: from enabling on until the device has let go of the ring. */
    boolean inUse() {
        return attached() || resetting;
    }

    /** Whether the device may touch the ring. */
    boolean attached() {
        return enabled || running;
    }

    /** Back to the defaults. The device must not work on the ring. */
    void clear() {
        num = maxSize;
        descGpa = 0;
        driverGpa = 0;
        deviceGpa = 0;
        enabled = false;
        resetting = false;
        running = false;
        config = null;
        ring = null;
        base = 0;
    }

    static long withLow(long value, int low) {
        return value & 0xffff_ffff_0000_0000L | Integer.toUnsignedLong(low);
    }

    static long withHigh(long value, int high) {
        return value & 0xffff_ffffL | (long) high << 32;
    }
}
