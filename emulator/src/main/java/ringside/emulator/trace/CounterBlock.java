package ringside.emulator.trace;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A row of counters with a single writer at a time (one thread, or several that hold the same lock) and any number of
 * readers. Plain increments with opaque stores: readers may lag, never see a torn value. Padded so that two blocks do
 * not share a cache line. No method allocates.
 */
public final class CounterBlock {
    private static final VarHandle VALUES = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int PADDING = 16;
    private static final int COUNT = CounterId.values().length;

    private final String owner;
    private final long[] values = new long[PADDING + COUNT + PADDING];

    /** @param owner what is counted, for example {@code iothread0} or {@code disk0/queue1} */
    public CounterBlock(String owner) {
        this.owner = owner;
    }

    /** What is counted. */
    public String owner() {
        return owner;
    }

    /** Adds to a counter. */
    public void add(CounterId id, long amount) {
        int index = PADDING + id.ordinal();
        VALUES.setOpaque(values, index, values[index] + amount);
    }

    /** Adds one to a counter. */
    public void increment(CounterId id) {
        add(id, 1);
    }

    /** The value now. */
    public long value(CounterId id) {
        return (long) VALUES.getOpaque(values, PADDING + id.ordinal());
    }
}
