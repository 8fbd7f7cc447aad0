package ringside.emulator.fuzz;

/** Addresses and lengths of descriptors from bytes: mostly possible ones, and those at a limit. */
final class RingInput {
    static final long RING = Twin.LOW_GPA;
    static final long TABLES = Twin.LOW_GPA + 0x400;
    static final int TABLE_ENTRIES = 64;

    private static final long BUFFERS = Twin.LOW_GPA + 0x800;

    private static final long[] ADDRESSES = {
        BUFFERS,
        BUFFERS + 1,
        BUFFERS + 0x700,
        TABLES,
        TABLES + 16,
        TABLES + 0x200,
        RING,
        RING + 0x100,
        Twin.LOW_GPA + Twin.LOW_BYTES - 1,
        Twin.LOW_GPA + Twin.LOW_BYTES - 16,
        Twin.LOW_GPA + Twin.LOW_BYTES,
        Twin.HIGH_GPA - 1,
        Twin.HIGH_GPA,
        Twin.HIGH_GPA + Twin.HIGH_BYTES - 16,
        Twin.LOW_GPA - 1,
        0,
        -1,
        -16,
        Long.MIN_VALUE,
        Long.MAX_VALUE
    };

    private static final long[] LENGTHS = {
        1,
        2,
        15,
        16,
        17,
        32,
        48,
        64,
        128,
        256,
        512,
        0,
        4096,
        8192,
        1 << 20,
        0x7fff_ffffL,
        0x8000_0000L,
        0xffff_ffffL,
        0xffff_fff0L
    };

    private final FuzzInput in;

    RingInput(FuzzInput in) {
        this.in = in;
    }

    long address() {
        int pick = in.u8();
        return pick < 128 ? ADDRESSES[pick % ADDRESSES.length] : BUFFERS + in.u16() % 0x2000;
    }

    long length() {
        return in.pick(LENGTHS);
    }

    /** Any byte of the low region's first page or of the high region; the first 64 KiB less 256 are memory. */
    long scribblePlace(int at) {
        return at % 4 == 0 ? Twin.HIGH_GPA + at % Twin.HIGH_BYTES : Twin.LOW_GPA + at % 0x1000;
    }
}
