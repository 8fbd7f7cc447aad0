package ringside.emulator.block.filter;

import java.util.Arrays;

/**
 * Things in the order of the times at which they are due: a binary heap that grows to the largest number in it and then stays, so that it
 * does not allocate once warm. Times are of {@link System#nanoTime()}. One thread at a time.
 */
final class DeadlineHeap<T> {
    private Object[] items = new Object[64];
    private long[] deadlines = new long[64];
    private int count;

    void add(long deadlineNs, T item) {
        if (count == items.length) {
            items = Arrays.copyOf(items, 2 * count);
            deadlines = Arrays.copyOf(deadlines, 2 * count);
        }
        int at = count++;
        while (at > 0 && deadlines[(at - 1) >> 1] - deadlineNs > 0) {
            move((at - 1) >> 1, at);
            at = (at - 1) >> 1;
        }
        items[at] = item;
        deadlines[at] = deadlineNs;
    }

    /** The earliest time, or MAX_VALUE when it is empty. */
    long firstNs() {
        return count == 0 ? Long.MAX_VALUE : deadlines[0];
    }

    /** Takes out the first thing if it is due, else returns null. */
    T pollDue(long nowNs) {
        if (count == 0 || deadlines[0] - nowNs > 0) {
            return null;
        }
        @SuppressWarnings("unchecked") // add lets in nothing else
        T first = (T) items[0];
        int last = --count;
        long deadline = deadlines[last];
        Object item = items[last];
        items[last] = null;
        if (last > 0) {
            sink(deadline, item);
        }
        return first;
    }

    private void sink(long deadlineNs, Object item) {
        int at = 0;
        for (int child = 1; child < count; child = 2 * at + 1) {
            if (child + 1 < count && deadlines[child + 1] - deadlines[child] < 0) {
                child++;
            }
            if (deadlines[child] - deadlineNs >= 0) {
                break;
            }
            move(child, at);
            at = child;
        }
        items[at] = item;
        deadlines[at] = deadlineNs;
    }

    private void move(int from, int to) {
        items[to] = items[from];
        deadlines[to] = deadlines[from];
    }
}
