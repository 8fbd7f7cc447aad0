package ringside.emulator.virtqueue;

import java.util.Arrays;

/**
 * What VIRTIO_F_IN_ORDER adds to the device side of either format (VIRTIO-1.2 §2.7.9, §2.8.8): requests that complete early
 * wait for those before them, and buffers in a row that were written completely are announced by their last one alone. One
 * thread; does not allocate after construction.
 *
 * <p>A skipped buffer counts as written completely. One of which less was written, as of a read that failed, therefore ends
 * its batch, so that its own length is told.
 */
final class InOrder {
    /** {@link #next()}: the oldest request is not complete. */
    static final int NONE = -1;

    private static final int NOT_TAKEN = -2;
    private static final int PENDING = -1;

    /** Heads in the order in which they were taken. */
    private final int[] order;
    /** By head: the used length, or one of the marks above. */
    private final int[] lengthBytes;
    /** By head: bytes that the device may write. */
    private final long[] writableBytes;

    private int first;
    private int count;

    private boolean batchOpen;
    private boolean batchCanGrow;
    private int batchHead;
    private int batchLength;

    InOrder(int size) {
        order = new int[size];
        lengthBytes = new int[size];
        writableBytes = new long[size];
        Arrays.fill(lengthBytes, NOT_TAKEN);
    }

    boolean isTaken(int head) {
        return lengthBytes[head] != NOT_TAKEN;
    }

    /** A head was taken that {@link #isTaken} did not know. */
    void taken(int head) {
        int at = first + count;
        order[at < order.length ? at : at - order.length] = head;
        count++;
        lengthBytes[head] = PENDING;
        writableBytes[head] = Long.MAX_VALUE;
    }

    void writable(int head, long bytes) {
        writableBytes[head] = bytes;
    }

    void completed(int head, int usedBytes) {
        lengthBytes[head] = usedBytes;
    }

    /** Takes the oldest request if it is complete; the caller passes it to {@link #joins} at once. */
    int next() {
        if (count == 0) {
            return NONE;
        }
        int head = order[first];
        if (lengthBytes[head] == PENDING) {
            return NONE;
        }
        first = first + 1 < order.length ? first + 1 : 0;
        count--;
        return head;
    }

    /** Whether a request can join the batch that is being gathered; otherwise that one must be written first. */
    boolean joins() {
        return !batchOpen || batchCanGrow;
    }

    /** Makes a request the last one of the batch. */
    void gather(int head) {
        batchOpen = true;
        batchHead = head;
        batchLength = lengthBytes[head];
        batchCanGrow = batchLength == writableBytes[head];
        lengthBytes[head] = NOT_TAKEN;
    }

    boolean hasBatch() {
        return batchOpen;
    }

    /** The head by which the batch is announced. */
    int batchHead() {
        return batchHead;
    }

    int batchLength() {
        return batchLength;
    }

    void batchWritten() {
        batchOpen = false;
    }
}
