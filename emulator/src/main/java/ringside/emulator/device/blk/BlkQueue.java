package ringside.emulator.device.blk;

import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockOp;
import ringside.emulator.device.InterruptLine;
import ringside.emulator.eventloop.BottomHalf;
import ringside.emulator.eventloop.EventNotifier;
import ringside.emulator.eventloop.LoopContext;
import ringside.emulator.eventloop.LoopTask;
import ringside.emulator.trace.CounterBlock;
import ringside.emulator.trace.CounterId;
import ringside.emulator.trace.TimelineTable;
import ringside.emulator.trace.TracePoint;
import ringside.emulator.virtqueue.ChainFault;
import ringside.emulator.virtqueue.Virtqueue;

/**
 * One request queue at work: takes chains off the ring, hands requests to the block layer, returns completions. The
 * same handler serves all threading arrangements: as a task of a loop (kick by eventfd), or called by the vCPU thread
 * under the big lock (trapped kick, see {@link #handleTrappedKick}).
 *
 * <p>All methods run in the context of the queue's loop, except {@link #signalKick()}. No allocation per request once
 * every head has been used.
 */
final class BlkQueue extends BottomHalf implements LoopTask {
    /** Completions within a batch after which used.idx is published. */
    private static final int PUBLISH_EVERY = 16;

    private final int index;
    private final String roleName;
    private final BlkDiskState disk;
    private final LoopContext loop;
    private final BlockBackend backend;
    private final BlkRequestExecutor executor;
    private final BlkRequestParser parser;
    private final CounterBlock counters;
    private final boolean counting;
    /** Written by the vCPU thread that drives this queue, hence apart from the loop's counters. */
    private final CounterBlock kickCounters;

    private final TimelineTable timeline;
    /** Our own kick; a driver in another process brings its own for as long as a ring is served. */
    private final EventNotifier ownKick = new EventNotifier();

    private EventNotifier kick = ownKick;

    private Virtqueue virtqueue;
    private InterruptLine interrupts;
    private BlkRequest[] slots;
    private int inFlight;
    private int unpublished;
    private boolean stopped = true;

    /** An error came out of the middle of something: what is in flight can no longer be counted, nor waited for. */
    private boolean abandoned;

    private CountDownLatch drained;

    /** Whether the rings are in another process's memory, kicked by our own eventfd: a function that we lend. */
    private boolean lent;

    /** @param timeline stamps of this queue's requests, or null when timelines are off */
    BlkQueue(BlkQueueParts parts, int index, TimelineTable timeline) {
        this.index = index;
        this.roleName = parts.settings().id() + "/queue" + index;
        this.disk = parts.disk();
        this.loop = parts.loop();
        this.backend = parts.backend();
        this.parser = parts.parser();
        this.executor = new BlkRequestExecutor(parts.disk(), backend, parser, this);
        this.counting = parts.counting();
        this.counters = new CounterBlock(roleName);
        this.kickCounters = new CounterBlock(roleName + "/kicks");
        this.timeline = timeline;
    }

    Stream<CounterBlock> counters() {
        return Stream.of(counters, kickCounters);
    }

    LoopContext loop() {
        return loop;
    }

    BlockBackend backend() {
        return backend;
    }

    /** From now on this is a task of its loop only while it serves a ring. */
    void attachWithRing() {
        lent = true;
    }

    /** Begins to serve a ring. In the context of the loop. */
    void activate(Virtqueue ring, InterruptLine line) {
        if (lent) {
            loop.attach(this);
        }
        serve(ring, line);
    }

    private void serve(Virtqueue ring, InterruptLine line) {
        virtqueue = ring;
        interrupts = line;
        slots = new BlkRequest[ring.size()];
        inFlight = 0;
        stopped = false;
    }

    /** Begins to serve the ring of a driver that kicks an eventfd of its own. In the context of the loop. */
    void activate(Virtqueue ring, InterruptLine line, EventNotifier driversKick) {
        kick = driversKick;
        loop.attach(this);
        serve(ring, line);
    }

    /** Whether a ring is being served. In the context of the loop, or while it is idle. */
    boolean active() {
        return virtqueue != null;
    }

    /** Any thread: the eventfd kick. */
    void signalKick() {
        countKick();
        kick.signal();
    }

    /** The exit handler of the big-lock arrangement: drains the ring on the calling thread. */
    void handleTrappedKick() {
        countKick();
        handleKicks();
    }

    private void handleKicks() {
        if (!serving()) {
            return;
        }
        do {
            drain();
        } while (serving() && virtqueue.enableNotification());
    }

    private boolean serving() {
        return !stopped && !disk.broken;
    }

    private void countKick() {
        if (counting) {
            kickCounters.increment(CounterId.KICKS);
        }
    }

    @Override
    public String roleName() {
        return roleName;
    }

    @Override
    public int pollFd() {
        return kick.fd();
    }

    @Override
    public void acknowledge() {
        kick.clear();
    }

    @Override
    public int doWork() {
        return serving() ? drain() : 0;
    }

    @Override
    public boolean prepareToBlock() {
        return serving() && virtqueue.enableNotification();
    }

    /** A driver with a kick of its own has brought its memory, too. */
    @Override
    public boolean touchesForeignMemory() {
        return lent || kick != ownKick;
    }

    /** The loop has given this queue up: the driver learns it as from a malformed ring. */
    @Override
    public void failed(Throwable cause) {
        disk.broken = true;
        abandoned = true;
        if (drained != null) {
            drained.countDown(); // whoever stops this queue would wait in vain
        }
        if (interrupts != null) {
            interrupts.failed(roleName, cause);
        }
    }

    /** Takes what is available now, at most one ring's worth, then commits and notifies once. */
    private int drain() {
        virtqueue.disableNotification();
        int taken = 0;
        int limit = virtqueue.size();
        while (taken < limit) {
            int head = virtqueue.nextHead();
            if (head < 0) {
                if (head == Virtqueue.FAULT) {
                    breakDevice();
                }
                break;
            }
            if (!take(head)) {
                breakDevice();
                break;
            }
            taken++;
        }
        if (taken > 0) {
            backend.commit();
            flushUsed();
            if (counting) {
                counters.add(CounterId.REQUESTS, taken);
                counters.increment(CounterId.QUEUE_BATCHES);
            }
        }
        return taken;
    }

    /** Returns false when the ring turned out to be malformed. */
    private boolean take(int head) {
        BlkRequest request = slots[head];
        if (request == null) {
            request = new BlkRequest(head, this);
            slots[head] = request;
        }
        if (request.pending) {
            virtqueue.fail(ChainFault.HEAD_PENDING);
            return false;
        }
        boolean sampled = timeline != null && timeline.isSampled(head);
        if (sampled) {
            timeline.stamp(head, TracePoint.POP);
        }
        if (!virtqueue.readChain(head, request.chain)) {
            return false;
        }
        if (!parser.parse(request)) {
            virtqueue.fail(ChainFault.REQUEST_FRAME);
            return false;
        }
        request.pending = true;
        request.block.timeline = sampled ? timeline : null;
        request.block.timelineHead = head;
        inFlight++;
        if (sampled) {
            timeline.stamp(head, TracePoint.PARSED);
        }
        executor.execute(request);
        return true;
    }

    /** The block layer is done with a request. May run inside {@link #drain}, or from the engine's task. */
    void blockCompleted(BlkRequest request, int error) {
        if (slots == null || slots[request.head] != request) {
            return; // of an abandoned ring; the memory it belonged to may serve another one
        }
        if (error != 0) {
            fail(request, error);
        } else if (request.block.op == BlockOp.READ) {
            finish(request, BlkConstants.VIRTIO_BLK_S_OK, (int) request.dataInBytes + 1);
        } else if (request.block.op == BlockOp.WRITE || !executor.goesOn(request)) {
            finish(request, BlkConstants.VIRTIO_BLK_S_OK, statusOnly(request));
        }
    }

    /** A read that failed may have written some of its data or none: promise nothing about the data area. */
    private void fail(BlkRequest request, int error) {
        if (counting) {
            counters.increment(CounterId.REQUESTS_FAILED);
        }
        finish(request, executor.statusOf(error), statusOnly(request));
    }

    /** A request was refused before it reached the block layer. */
    void refuse(BlkRequest request, int status) {
        if (counting) {
            counters.increment(CounterId.REQUESTS_INVALID);
        }
        finish(request, status, statusOnly(request));
    }

    /** Used length when nothing but the status byte was written, which lies behind the writable data. */
    static int statusOnly(BlkRequest request) {
        return request.dataInBytes == 0 ? 1 : 0;
    }

    /**
     * Returns a request to the driver: visible after the next flush.
     *
     * @param usedBytes bytes written from the start of the first writable buffer on, never more (VIRTIO-1.2 §2.7.8.2)
     */
    void finish(BlkRequest request, int status, int usedBytes) {
        parser.putStatus(request, status);
        virtqueue.logWritten(request.chain);
        if (request.block.timeline != null) {
            timeline.stamp(request.head, TracePoint.ADD_USED);
        }
        request.pending = false;
        inFlight--;
        virtqueue.addUsed(request.head, usedBytes);
        publishInTime();
        loop.schedule(this);
        if (drained != null && inFlight == 0) {
            drained.countDown();
        }
    }

    /**
     * A driver that sleeps is woken by the first completion of a batch: waking takes longer than handling the rest. One
     * that polls can reap and refill while the rest of a long batch is still being handled.
     */
    private void publishInTime() {
        unpublished++;
        if (unpublished == 1 && virtqueue.isAwaited()) {
            flushUsed();
        } else if (unpublished == PUBLISH_EVERY) {
            unpublished = 0;
            virtqueue.publishUsed();
        }
    }

    /** Bottom half: publishes what completed during a pass of the loop, with one notification. */
    @Override
    public void run() {
        if (virtqueue != null) {
            flushUsed();
        }
    }

    private void flushUsed() {
        unpublished = 0;
        virtqueue.publishUsed();
        if (!virtqueue.hasUnannounced()) {
            return;
        }
        boolean notify = virtqueue.needsNotification();
        if (notify) {
            interrupts.used(index);
        }
        if (counting) {
            counters.increment(notify ? CounterId.NOTIFICATIONS : CounterId.NOTIFICATIONS_SUPPRESSED);
        }
    }

    private void breakDevice() {
        disk.broken = true;
        interrupts.needsReset(roleName + ": " + virtqueue.fault().text());
    }

    /** Stops taking requests; the latch opens when none is in flight. In the context of the loop. */
    CountDownLatch stop() {
        stopped = true;
        // A second vCPU may reset while the first one waits: both wait for the same latch.
        if (drained == null) {
            drained = new CountDownLatch(inFlight == 0 || abandoned ? 0 : 1);
        }
        return drained;
    }

    /** Takes requests again after {@link #stop()}, also those that came meanwhile. In the context of the loop. */
    void goOn() {
        drained = null;
        stopped = virtqueue == null;
        handleKicks();
    }

    /** Forgets the ring after {@link #stop()} has drained. In the context of the loop. */
    void deactivate() {
        if (abandoned) {
            abandoned = false; // its ring may be gone, and its requests come back to nobody
            inFlight = 0;
        } else if (virtqueue != null && kick == ownKick) {
            virtqueue.publishUsed(); // a reset: its driver wants no more interrupts
        } else if (virtqueue != null) {
            flushUsed(); // the ring may live on in another back-end, so its driver must learn of everything
        }
        if (touchesForeignMemory()) {
            loop.detach(this);
            kick = ownKick;
        }
        drained = null;
        virtqueue = null;
        slots = null;
    }

    /** Frees the kick. The task must be detached. */
    void close() {
        ownKick.close();
    }
}
