package ringside.emulator.aio;

/** An intrusive first-in first-out queue of operations. Not thread-safe; does not allocate. */
public final class AioQueue {
    private AioOp first;
    private AioOp last;
    private int size;

    /** Appends. */
    public void add(AioOp op) {
        op.next(null);
        if (last == null) {
            first = op;
        } else {
            last.next(op);
        }
        last = op;
        size++;
    }

    /** Removes the first, or returns null. */
    public AioOp poll() {
        AioOp op = first;
        if (op != null) {
            first = op.next();
            if (first == null) {
                last = null;
            }
            op.next(null);
            size--;
        }
        return op;
    }

    /** Moves all of another queue to the end of this one. */
    public void addAll(AioQueue other) {
        for (AioOp op = other.poll(); op != null; op = other.poll()) {
            add(op);
        }
    }

    /** Whether nothing waits. */
    public boolean isEmpty() {
        return first == null;
    }

    /** Number of operations. */
    public int size() {
        return size;
    }
}
