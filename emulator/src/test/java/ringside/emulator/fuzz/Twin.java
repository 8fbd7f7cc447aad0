package ringside.emulator.fuzz;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.memory.GuestRegionSpec;

/**
 * Guest memory twice: the real one, which the device under test reads and writes, and a plain array for the model. What a
 * driver writes goes to both. If device and model do the same, both are equal in every byte: that covers what was
 * written as well as what must not be, for all of memory is poison at first.
 *
 * <p>Two regions with a hole between them; in host memory they follow each other, so a range that straddles the end of the
 * first one would meet the second one if nobody checked.
 */
final class Twin implements AutoCloseable {
    static final long LOW_GPA = 0x4000_0000L;
    static final int LOW_BYTES = 12 << 10;
    static final long HIGH_GPA = 0x1_0000_0000L;
    static final int HIGH_BYTES = 4 << 10;

    private static final long NOTHING = Long.MIN_VALUE;
    private static final int BYTES = LOW_BYTES + HIGH_BYTES;
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final byte[] POISON = new byte[BYTES];

    static {
        for (int i = 0; i < BYTES; i++) {
            POISON[i] = (byte) (0x80 | i * 11 % 127);
        }
    }

    final GuestMemory memory = GuestMemory.allocate(
            List.of(new GuestRegionSpec(LOW_GPA, LOW_BYTES), new GuestRegionSpec(HIGH_GPA, HIGH_BYTES)), false);

    private final MemorySegment real = memory.ram();
    private final byte[] twin = new byte[BYTES];
    private final MemorySegment twinSegment = MemorySegment.ofArray(twin);
    private final ByteBuffer model = ByteBuffer.wrap(twin).order(ByteOrder.LITTLE_ENDIAN);

    private long watched = NOTHING;

    /** The model was asked for something that the specification leaves open. Not a finding. */
    static final class LeftOpen extends RuntimeException {
        private static final LeftOpen INSTANCE = new LeftOpen();

        private LeftOpen() {
            super("left open by the specification", null, false, false);
        }
    }

    /**
     * From now on the model cannot say what is in these two bytes: a device may publish its progress in steps of its own,
     * and a driver that uses used.idx as a buffer sees which.
     *
     * @throws LeftOpen from all reads of the model that touch them
     */
    void leaveOpen(long gpa) {
        watched = gpa;
    }

    private int read(long gpa, int bytes) {
        if (gpa <= watched + 1 && gpa + bytes > watched) {
            throw LeftOpen.INSTANCE;
        }
        return index(gpa);
    }

    /** Poisons both. */
    void reset() {
        watched = NOTHING;
        System.arraycopy(POISON, 0, twin, 0, BYTES);
        MemorySegment.copy(POISON, 0, real, ValueLayout.JAVA_BYTE, 0, BYTES);
    }

    /** Whether one region has all of the range; written apart from the production code, and not as clever. */
    static boolean contains(long gpa, long bytes) {
        return inside(gpa, bytes, LOW_GPA, LOW_BYTES) || inside(gpa, bytes, HIGH_GPA, HIGH_BYTES);
    }

    /** Begin and end lie in it, looked at one after the other. */
    private static boolean inside(long gpa, long bytes, long begin, long size) {
        boolean beginsInside = gpa >= begin && gpa <= begin + size;
        boolean endsInside = gpa + bytes >= begin && gpa + bytes <= begin + size;
        return bytes >= 0 && bytes <= size && beginsInside && endsInside;
    }

    private static int index(long gpa) {
        return (int) (gpa < HIGH_GPA ? gpa - LOW_GPA : gpa - HIGH_GPA + LOW_BYTES);
    }

    /** Host address at which the device must find a guest address. */
    long host(long gpa) {
        return memory.hostAddress() + index(gpa);
    }

    // What the driver does: both memories. Outside of memory a driver cannot write.

    void drive8(long gpa, int value) {
        if (contains(gpa, 1)) {
            model.put(index(gpa), (byte) value);
            real.set(ValueLayout.JAVA_BYTE, index(gpa), (byte) value);
        }
    }

    void drive16(long gpa, int value) {
        if (contains(gpa, 2)) {
            model.putShort(index(gpa), (short) value);
            real.set(U16, index(gpa), (short) value);
        }
    }

    void drive32(long gpa, int value) {
        if (contains(gpa, 4)) {
            model.putInt(index(gpa), value);
            real.set(U32, index(gpa), value);
        }
    }

    void drive64(long gpa, long value) {
        if (contains(gpa, 8)) {
            model.putLong(index(gpa), value);
            real.set(U64, index(gpa), value);
        }
    }

    /** One value in all bytes of a range that lies in memory. */
    void driveFill(long gpa, int bytes, int value) {
        Arrays.fill(twin, index(gpa), index(gpa) + bytes, (byte) value);
        real.asSlice(index(gpa), bytes).fill((byte) value);
    }

    void driveZeroes(long gpa, int bytes) {
        driveFill(gpa, bytes, 0);
    }

    // What the model does: only its own memory.

    int get8(long gpa) {
        return Byte.toUnsignedInt(model.get(read(gpa, 1)));
    }

    int get16(long gpa) {
        return Short.toUnsignedInt(model.getShort(read(gpa, 2)));
    }

    int get32(long gpa) {
        return model.getInt(read(gpa, 4));
    }

    long get64(long gpa) {
        return model.getLong(read(gpa, 8));
    }

    void put8(long gpa, int value) {
        model.put(index(gpa), (byte) value);
    }

    /** Bytes into the model's memory. */
    void put(long gpa, byte[] from, int offset, int bytes) {
        System.arraycopy(from, offset, twin, index(gpa), bytes);
    }

    /** Bytes of the model's memory. */
    void get(long gpa, byte[] to, int offset, int bytes) {
        System.arraycopy(twin, read(gpa, bytes), to, offset, bytes);
    }

    void put16(long gpa, int value) {
        model.putShort(index(gpa), (short) value);
    }

    void put32(long gpa, int value) {
        model.putInt(index(gpa), value);
    }

    /** The device under test has done what the model has done, and nothing else. */
    void assertSame() {
        long at = real.mismatch(twinSegment);
        if (at >= 0) {
            long gpa = at < LOW_BYTES ? LOW_GPA + at : HIGH_GPA + at - LOW_BYTES;
            throw new AssertionError("guest memory at 0x%x is 0x%02x, by the specification 0x%02x (poison was 0x%02x)"
                    .formatted(gpa, real.get(ValueLayout.JAVA_BYTE, at), twin[(int) at], POISON[(int) at]));
        }
    }

    @Override
    public void close() {
        memory.close();
    }
}
