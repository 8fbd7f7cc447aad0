package ringside.harness.serve;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import ringside.workloads.pattern.SplitMix64;
import ringside.workloads.target.HaltPolicy;
import ringside.workloads.target.IoTarget;
import ringside.workloads.target.SubmitStatus;
import ringside.workloads.unit.IoUnit;
import ringside.workloads.verify.WriteStamp;

/**
 * Verify load on one queue: writes stamped blocks of its own part of the disk in random order, reads them back and
 * compares, flushes now and then, and watches for requests that do not come back. One load thread; {@link #requests()} and
 * {@link #stuck()} may be read by any.
 */
final class SoakLane implements Runnable {
    private static final long HALT_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long WATCH_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int FLUSH_EVERY = 512;
    private static final int TRIES = 16;

    private final IoTarget target;
    private final HaltPolicy halt;
    private final VerifiedBlocks blocks;
    private final boolean verifying;
    private final Patience patience;
    private final SplitMix64 random;
    private final WriteStamp stamp;
    private final IoUnit[] units;
    private final boolean[] inFlight;
    private final boolean[] reportedStuck;
    private final Deque<IoUnit> free = new ArrayDeque<>();
    private volatile boolean stopping;
    private volatile long servedSinceNs = Long.MIN_VALUE;
    private volatile long requests;
    private volatile long stuck;
    private volatile RuntimeException failure;
    private long reads;
    private long writes;
    private long flushes;
    private long failed;
    private long longestNs;

    /**
     * When a request is late, in nanoseconds.
     *
     * @param stuckNs after which it is stuck
     * @param drainNs after the end of the load, after which it is lost
     */
    record Patience(long stuckNs, long drainNs) {
        static final Patience DEFAULT = new Patience(TimeUnit.SECONDS.toNanos(5), TimeUnit.SECONDS.toNanos(30));
    }

    /** @param verifying false for a disk that keeps nothing: what is read is not compared */
    SoakLane(
            IoTarget target,
            HaltPolicy halt,
            VerifiedBlocks blocks,
            int depth,
            long seed,
            boolean verifying,
            Patience patience) {
        this.target = target;
        this.halt = halt;
        this.blocks = blocks;
        this.verifying = verifying;
        this.patience = patience;
        this.random = new SplitMix64(seed);
        this.stamp = new WriteStamp(seed);
        this.units = target.allocateUnits(depth, VerifiedBlocks.BLOCK_BYTES);
        this.inFlight = new boolean[depth];
        this.reportedStuck = new boolean[depth];
        for (IoUnit unit : units) {
            free.add(unit);
        }
    }

    /** Ends the load: requests in flight are awaited. Any thread. */
    void stop() {
        stopping = true;
    }

    /** A killed server has been replaced: what is in flight has its time from now on. Any thread. */
    void servedAnew() {
        servedSinceNs = System.nanoTime();
    }

    @Override
    public void run() {
        try {
            long watchNs = System.nanoTime();
            long endNs = Long.MAX_VALUE;
            while (!stopping || (free.size() < units.length && System.nanoTime() < endNs)) {
                if (stopping && endNs == Long.MAX_VALUE) {
                    endNs = System.nanoTime() + patience.drainNs();
                }
                boolean moved = reap();
                moved |= !stopping && submit();
                if (!moved && !target.prepareToHalt()) {
                    halt.halt(HALT_NS);
                }
                if (System.nanoTime() - watchNs > WATCH_NS) {
                    watchNs = System.nanoTime();
                    watch(watchNs);
                }
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private boolean reap() {
        boolean any = false;
        for (IoUnit unit = target.poll(); unit != null; unit = target.poll()) {
            any = true;
            completed(unit);
        }
        return any;
    }

    private void completed(IoUnit unit) {
        longestNs = Math.max(longestNs, System.nanoTime() - unit.createNs);
        inFlight[unit.index] = false;
        free.addLast(unit);
        requests++; // this thread is the only writer
        failed += unit.error == 0 ? 0 : 1;
        switch (unit.op) {
            case READ -> {
                reads++;
                afterRead(unit);
            }
            case WRITE -> {
                writes++;
                afterWrite(unit);
            }
            default -> flushes++;
        }
    }

    private void afterRead(IoUnit unit) {
        if (unit.error == 0 && verifying) {
            blocks.read(unit.offsetBytes, unit.buffer);
        } else {
            blocks.notRead(unit.offsetBytes);
        }
    }

    private void afterWrite(IoUnit unit) {
        if (unit.error == 0) {
            blocks.written(unit.offsetBytes, unit.buffer);
        } else {
            blocks.unknown(unit.offsetBytes);
        }
    }

    private boolean submit() {
        boolean any = false;
        while (!free.isEmpty() && prepare(free.peekFirst())) {
            IoUnit unit = free.pollFirst();
            if (target.submit(unit) == SubmitStatus.BUSY) {
                throw new IllegalStateException("a queue has no room for its own depth of " + units.length);
            }
            inFlight[unit.index] = true;
            reportedStuck[unit.index] = false;
            any = true;
        }
        if (any) {
            target.commit();
        }
        return any;
    }

    /** Returns false when every block that was tried has a request in flight. */
    private boolean prepare(IoUnit unit) {
        unit.createNs = System.nanoTime();
        if (random.nextBelow(FLUSH_EVERY) == 0) {
            unit.op = IoUnit.Op.FLUSH;
            return true;
        }
        int block = freeBlock();
        if (block < 0) {
            return false;
        }
        blocks.begin(block);
        unit.offsetBytes = blocks.offsetOf(block);
        unit.lengthBytes = VerifiedBlocks.BLOCK_BYTES;
        if (blocks.isWritten(block) && random.nextBelow(2) == 0) {
            unit.op = IoUnit.Op.READ;
            unit.buffer.fill((byte) 0); // what an earlier request left here must not pass for an answer
        } else {
            unit.op = IoUnit.Op.WRITE;
            stamp.fill(unit.buffer, unit.index);
            stamp.stamp(unit.buffer, unit.index, unit.offsetBytes, unit.lengthBytes);
        }
        return true;
    }

    private int freeBlock() {
        for (int i = 0; i < TRIES; i++) {
            int block = (int) random.nextBelow(blocks.count());
            if (!blocks.isBusy(block)) {
                return block;
            }
        }
        return -1;
    }

    private void watch(long nowNs) {
        for (IoUnit unit : units) {
            long sinceNs = Math.max(unit.createNs, servedSinceNs);
            if (inFlight[unit.index] && !reportedStuck[unit.index] && nowNs - sinceNs > patience.stuckNs()) {
                reportedStuck[unit.index] = true;
                stuck++; // this thread is the only writer
            }
        }
    }

    /** Completed requests. Any thread. */
    long requests() {
        return requests;
    }

    /** Requests that took longer than {@link Patience#stuckNs()} at the time of asking. Any thread. */
    long stuck() {
        return stuck;
    }

    /** Why the load ended early; null while it has not. Any thread. */
    RuntimeException failure() {
        return failure;
    }

    /** What was counted; after the thread has ended. */
    SoakCounts counts() {
        return new SoakCounts(reads, writes, flushes, failed, stuck, units.length - free.size(), longestNs);
    }

    VerifiedBlocks blocks() {
        return blocks;
    }
}
