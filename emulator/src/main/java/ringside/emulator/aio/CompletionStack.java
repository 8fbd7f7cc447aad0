package ringside.emulator.aio;

import java.util.concurrent.atomic.AtomicReference;

/** Many workers push, one loop takes all: a Treiber stack over the operations themselves. Does not allocate. */
final class CompletionStack {
    private final AtomicReference<AioOp> top = new AtomicReference<>();

    void push(AioOp op) {
        AioOp below;
        do {
            below = top.get();
            op.next(below);
        } while (!top.compareAndSet(below, op));
    }

    boolean isEmpty() {
        return top.get() == null;
    }

    /** Everything pushed so far, linked in the order of completion; null when there is nothing. */
    AioOp takeAll() {
        AioOp op = top.get() == null ? null : top.getAndSet(null);
        AioOp reversed = null;
        while (op != null) {
            AioOp below = op.next();
            op.next(reversed);
            reversed = op;
            op = below;
        }
        return reversed;
    }
}
