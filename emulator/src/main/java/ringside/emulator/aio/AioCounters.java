package ringside.emulator.aio;

import ringside.emulator.trace.CounterBlock;
import ringside.emulator.trace.CounterId;

/** What engines count, or nothing when counting is off. */
public record AioCounters(CounterBlock block, boolean counting) {
    /** A batch of operations was handed over. */
    public void batch(int operations) {
        if (counting) {
            block.increment(CounterId.AIO_BATCHES);
            block.add(CounterId.AIO_OPS, operations);
        }
    }

    /** An operation named registered memory. */
    public void registered() {
        if (counting) {
            block.increment(CounterId.AIO_REGISTERED);
        }
    }

    /** An operation was copied through a bounce buffer. */
    public void bounce() {
        if (counting) {
            block.increment(CounterId.AIO_BOUNCED);
        }
    }
}
