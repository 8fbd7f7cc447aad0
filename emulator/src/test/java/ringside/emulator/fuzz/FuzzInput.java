package ringside.emulator.fuzz;

/** Decisions out of bytes. Behind the end everything is 0, so that every input has a meaning. Reused. */
public final class FuzzInput {
    private byte[] bytes = {};
    private int at;

    /** Begins with other bytes. */
    public void begin(byte[] input) {
        bytes = input;
        at = 0;
    }

    /** Whether all bytes have been used. */
    public boolean isOver() {
        return at >= bytes.length;
    }

    /** 0 to 255. */
    public int u8() {
        return at < bytes.length ? Byte.toUnsignedInt(bytes[at++]) : 0;
    }

    /** 0 to 65535. */
    public int u16() {
        return u8() | u8() << 8;
    }

    /** Any 32 bits. */
    public int u32() {
        return u16() | u16() << 16;
    }

    /** Any 64 bits. */
    public long u64() {
        return Integer.toUnsignedLong(u32()) | (long) u32() << 32;
    }

    /** 0 to n - 1, for n up to 256. */
    public int below(int n) {
        return u8() % n;
    }

    /** One of these values, for up to 256 of them. */
    public long pick(long[] values) {
        return values[below(values.length)];
    }
}
