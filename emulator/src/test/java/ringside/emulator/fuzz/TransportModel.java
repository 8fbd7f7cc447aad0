package ringside.emulator.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What virtio-mmio and virtio-pci have in common, written from VIRTIO-1.2 §2 and §3.1: status, negotiation, queues, and
 * behind them {@link SplitModel} and {@link BlkModel} for the requests, which end at once. One guest thread.
 */
final class TransportModel {
    static final int NEEDS_RESET = 64;
    static final int FEATURES_OK = 8;
    static final int DRIVER_OK = 4;
    static final int USED = 1;
    static final int CONFIG = 2;
    static final long VERSION_1 = 1L << 32;
    static final long INDIRECT_DESC = 1L << 28;
    static final long EVENT_IDX = 1L << 29;
    static final long NOTIFICATION_DATA = 1L << 38;
    static final long RING_RESET = 1L << 40;

    private static final long DISCARD = 1L << 13;
    private static final long WRITE_ZEROES = 1L << 14;

    private final Twin memory;
    private final long offered;
    private final int maxSize;
    private final String id;
    private final byte[] content;
    final Queue[] queues;

    int status;
    long chosen;
    boolean unknownChosen;
    int deviceSelect;
    int driverSelect;
    int select;
    private boolean mayWork;
    private boolean broken;

    /** What the device told the driver since somebody looked: bits of USED and CONFIG, and which queues. */
    int raised;

    int usedQueues;

    /** Registers of a queue; a ring only while the device may touch it. */
    final class Queue {
        int num;
        long desc;
        long driver;
        long device;
        boolean enabled;
        private boolean running;
        private SplitModel ring;

        Queue() {
            clear();
        }

        void clear() {
            num = maxSize;
            desc = 0;
            driver = 0;
            device = 0;
            enabled = false;
            running = false;
            ring = null;
        }
    }

    TransportModel(Twin memory, long offered, int queueCount, int maxSize, String id, byte[] content) {
        this.memory = memory;
        this.offered = offered;
        this.maxSize = maxSize;
        this.id = id;
        this.content = content;
        this.queues = new Queue[queueCount];
        for (int i = 0; i < queueCount; i++) {
            queues[i] = new Queue();
        }
    }

    boolean has(long feature) {
        return (status & FEATURES_OK) != 0 && (chosen & feature) != 0;
    }

    Optional<Queue> selected() {
        return select >= 0 && select < queues.length ? Optional.of(queues[select]) : Optional.empty();
    }

    /** The selected queue, where its registers may be written (§4.2.2.2: not while it is ready). */
    Optional<Queue> writable() {
        return selected().filter(queue -> !queue.enabled);
    }

    int offeredWord() {
        return word(offered, deviceSelect);
    }

    int chosenWord() {
        return word(chosen, driverSelect);
    }

    private static int word(long features, int select) {
        return select == 0 ? (int) features : select == 1 ? (int) (features >>> 32) : 0;
    }

    /** §3.1.1: what was accepted stands. Bits above 63 exist nowhere, so choosing one is choosing what was not offered. */
    void choose(int word) {
        if ((status & FEATURES_OK) != 0) {
            return;
        }
        long bits = Integer.toUnsignedLong(word);
        if (driverSelect == 0) {
            chosen = chosen & ~0xffff_ffffL | bits;
        } else if (driverSelect == 1) {
            chosen = chosen & 0xffff_ffffL | bits << 32;
        } else {
            unknownChosen |= word != 0;
        }
    }

    /** §2.1: bits are only added; 0 resets. */
    void writeStatus(int value) {
        if (value == 0) {
            reset();
            return;
        }
        int wanted = value & 0xff & ~NEEDS_RESET;
        boolean acceptable = (chosen & ~offered) == 0 && !unknownChosen && (chosen & VERSION_1) != 0;
        if ((status & FEATURES_OK) == 0 && !acceptable) {
            wanted &= ~FEATURES_OK;
        }
        if (((status | wanted) & FEATURES_OK) == 0) {
            wanted &= ~DRIVER_OK;
        }
        status |= wanted;
        start();
    }

    /** §2.4.1. */
    void reset() {
        for (Queue queue : queues) {
            queue.clear();
        }
        status = 0;
        chosen = 0;
        unknownChosen = false;
        deviceSelect = 0;
        driverSelect = 0;
        select = 0;
        broken = false;
        raised = 0;
        usedQueues = 0;
    }

    private void needsReset() {
        boolean tells = (status & DRIVER_OK) != 0;
        status |= NEEDS_RESET;
        raised |= tells ? CONFIG : 0;
    }

    void enable() {
        writable().ifPresent(queue -> {
            SplitModel.Layout layout = new SplitModel.Layout(queue.num, queue.desc, queue.driver, queue.device);
            if ((status & FEATURES_OK) == 0 || queue.num < 1 || queue.num > maxSize || !layout.legal()) {
                needsReset();
                return;
            }
            queue.enabled = true;
            queue.ring = new SplitModel(memory, layout, has(INDIRECT_DESC), has(EVENT_IDX)).acceptTables(maxSize);
            start();
        });
    }

    /** Only with DRIVER_OK, only where the device may use the bus, and not when it wants a reset. Begins with a look. */
    private void start() {
        boolean[] starts = new boolean[queues.length];
        for (int i = 0; i < queues.length; i++) {
            Queue queue = queues[i];
            boolean wanted = queue.enabled && mayWork && (status & DRIVER_OK) != 0;
            starts[i] = wanted && !queue.running && (status & NEEDS_RESET) == 0;
            queue.running = wanted && queue.running || starts[i];
        }
        for (int i = 0; i < queues.length; i++) {
            if (starts[i]) {
                kick(i);
            }
        }
    }

    /** Whether the function may be a bus master; a device that no bus knows always may. */
    void mayWork(boolean allowed) {
        mayWork = allowed;
        start();
    }

    void disable() {
        selected().filter(queue -> queue.enabled).ifPresent(queue -> {
            queue.enabled = false;
            queue.running = false;
            queue.ring = null;
        });
    }

    /** §2.6.1. */
    void resetQueue() {
        if (has(RING_RESET)) {
            selected().ifPresent(Queue::clear);
        }
    }

    /** A kick: everything that is available is done, if the queue is at work (D01, D37). */
    void kick(int index) {
        if (index < 0 || index >= queues.length || !queues[index].running || broken) {
            return;
        }
        SplitModel ring = queues[index].ring;
        do {
            ring.disableKicks();
            for (int i = 0; i < queues[index].num && serve(ring); i++) {
                // Until the ring is empty or broken.
            }
            ring.publish();
        } while (!broken && ring.enableKicks());
        if (broken) {
            needsReset();
        }
        if (ring.hasUnannounced() && ring.notifies()) {
            raised |= USED;
            usedQueues |= 1 << index;
        }
    }

    private boolean serve(SplitModel ring) {
        int head = ring.next();
        if (head == RingModel.EMPTY) {
            return false;
        }
        BlkModel blk = new BlkModel(
                memory,
                new BlkModel.Disk(
                        false,
                        (chosen & DISCARD) != 0,
                        (chosen & WRITE_ZEROES) != 0,
                        1,
                        1 << 21,
                        Arrays.copyOf(id.getBytes(StandardCharsets.US_ASCII), 20)),
                content);
        Optional<List<RingModel.Buffer>> chain = head < 0 ? Optional.empty() : ring.chain(head);
        Optional<BlkModel.Request> request = chain.flatMap(buffers -> blk.begin(head, buffers));
        request.ifPresent(good -> ring.addUsed(head, blk.end(good, 0)));
        broken = request.isEmpty();
        return !broken;
    }
}
