package ringside.emulator.block.coroutine;

import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockRequest;

/** Ends requests when it is polled, all that it has. */
final class HoldingChild implements BlockBackend {
    private final BlockRequest[] held;
    private int count;

    HoldingChild(int depth) {
        held = new BlockRequest[2 * depth];
    }

    @Override
    public void submit(BlockRequest request) {
        held[count++] = request;
    }

    int poll() {
        int now = count;
        for (int i = 0; i < now; i++) {
            held[i].completion.completed(held[i], 0);
        }
        // What completions submitted stands behind what was there.
        System.arraycopy(held, now, held, 0, count - now);
        count -= now;
        return now;
    }

    @Override
    public void commit() {
        // nothing waits for it
    }

    @Override
    public void close() {
        // nothing is held open
    }
}
