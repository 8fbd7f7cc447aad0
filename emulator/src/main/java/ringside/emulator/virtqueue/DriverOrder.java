package ringside.emulator.virtqueue;

/**
 * What VIRTIO_F_IN_ORDER means to a driver (VIRTIO-1.2 §2.7.9, §2.8.8): one used buffer may stand for all before it that were
 * made available. One thread; does not allocate after construction.
 */
final class DriverOrder {
    /** Heads in the order in which they were made available. */
    private final int[] order;
    /** By head: bytes that the device may write; that many it has written when it skips the buffer. */
    private final int[] writableBytes;

    private int first;
    private int count;
    private int batchEnd;
    private int batchLength;
    private boolean inBatch;

    DriverOrder(int size) {
        order = new int[size];
        writableBytes = new int[size];
    }

    void added(int head, int[] bytes, int readable, int total) {
        int at = first + count++;
        order[at < order.length ? at : at - order.length] = head;
        int sum = 0;
        for (int i = readable; i < total; i++) {
            sum += bytes[i];
        }
        writableBytes[head] = sum;
    }

    /** Whether the last used buffer stands for more that were not taken yet. */
    boolean inBatch() {
        return inBatch;
    }

    /** The device used a buffer, and with it all before it. */
    void begin(int head, int lengthBytes) {
        batchEnd = head;
        batchLength = lengthBytes;
        inBatch = true;
    }

    /** Takes the oldest buffer of the batch. */
    int next() {
        if (count == 0) {
            throw new IllegalStateException("the device returned head " + batchEnd + ", which is not in flight");
        }
        int head = order[first];
        first = first + 1 < order.length ? first + 1 : 0;
        count--;
        inBatch = head != batchEnd;
        return head;
    }

    /** Used length of the buffer last taken. */
    int length(int head) {
        return head == batchEnd ? batchLength : writableBytes[head];
    }
}
