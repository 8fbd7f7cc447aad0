package ringside.emulator.transport;

import ringside.emulator.virtqueue.Virtqueue;

/** What a driver has programmed for one queue. Under the big lock. */
final class QueueRegisters {
    int num;
    long descGpa;
    long driverGpa;
    long deviceGpa;

    /** Not null exactly while QueueReady reads 1. */
    Virtqueue ready;

    void clear() {
        num = 0;
        descGpa = 0;
        driverGpa = 0;
        deviceGpa = 0;
        ready = null;
    }

    static long withLow(long value, int low) {
        return value & 0xffff_ffff_0000_0000L | Integer.toUnsignedLong(low);
    }

    static long withHigh(long value, int high) {
        return value & 0xffff_ffffL | (long) high << 32;
    }
}
