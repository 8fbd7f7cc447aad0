package ringside.workloads.load;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import ringside.workloads.job.JobSpec;
import ringside.workloads.latency.LatencyRecorder;
import ringside.workloads.pattern.SplitMix64;
import ringside.workloads.target.IoTarget;
import ringside.workloads.target.SubmitStatus;
import ringside.workloads.unit.IoUnit;

/**
 * One clone of a job on one queue of one disk: a closed loop that keeps exactly iodepth requests in flight. Confined to
 * its load thread; results may be read after that thread has ended.
 *
 * <p>Counted are completions inside the lane's window: from the call of {@link #beginMeasure} to that of
 * {@link #endMeasure}, or to the last completion when the lane's size was done before. Requests that were submitted
 * before the window and complete in it count with their whole latency; those that complete after it do not count. In a
 * steady loop the two cancel, so completions divided by the window is the rate.
 */
public final class Lane {
    private enum State {
        RUNNING,
        BACKLOG_DUE,
        BACKLOG,
        DRAINING,
        FLUSH_DUE,
        FLUSHING,
        VERIFYING,
        DONE
    }

    /** The schedule's share of the lane's seed; the smaller ones are those of the request source. */
    private static final long PACE = 1L << 32;

    private static final int ETIMEDOUT = 110;

    private final LaneSetup setup;
    private final RequestSource source;
    private final IssueLog log;
    private final SampleLogs samples;
    private final boolean timed;
    private final LatencyRecorder recorder;
    private final Set<IoUnit.Op> directions;
    private final long limitBytes;
    private final int reserveBytes;
    private final IoUnit[] free;
    private final boolean paced;
    private final Pacer pacer;
    private final OpenLoopRecorder openLoop;
    private final ThinkTime think;
    private final SyncSchedule syncs;
    private final StartGate start;
    private final LatencyTarget target;
    private final Verification verification;
    private final long maxLatencyNs;
    private final int lowDepth;
    private final int mostAtOnce;
    private final int completeMin;

    /** Whether anything but the depth can keep the lane from making a request: a plain closed loop does not look. */
    private final boolean shaped;

    private final long[] ios = new long[IoUnit.Op.values().length];
    private final long[] bytes = new long[IoUnit.Op.values().length];
    private final long[] errors = new long[IoUnit.Op.values().length];

    private int freeCount;
    private int inFlight;

    /** Completions that are waited for before the next request. */
    private int owed;

    private IoUnit held;
    private State state = State.RUNNING;
    private boolean counting = true;
    private boolean measuring;
    private boolean paceBegun;
    private boolean lowering;
    private boolean windowOpen;
    private boolean wrote;
    private long issuedBytes;
    private long originNs;
    private long startNs;
    private long endNs;
    private long deadlineNs = Long.MAX_VALUE;
    private long lastCompletionNs;
    private IoFailure firstFailure;

    public Lane(LaneSetup setup) {
        this.setup = setup;
        JobSpec job = setup.job();
        this.source = new RequestSource(job, setup.region(), setup.seed(), setup.trace());
        this.timed = source.isTimed();
        this.log = setup.log()
                .map(file -> new IssueLog(file, "disk" + setup.place().disk()))
                .orElse(null);
        this.samples = setup.samples()
                .map(files -> new SampleLogs(files.rules(), files.files()))
                .orElse(null);
        this.directions = RequestSource.directions(job);
        this.recorder = new LatencyRecorder(directions);
        this.limitBytes = job.timing().timeBased() || timed
                ? Long.MAX_VALUE
                : saturated(setup.region().ioBytes(), job.timing().loops());
        this.reserveBytes = RequestSource.largestBytes(job);
        this.free = setup.units().clone();
        this.freeCount = free.length;
        source.fill(free);
        this.paced = timed || job.pacing().paced();
        this.pacer = new Pacer(job, SplitMix64.derive(setup.seed(), PACE));
        this.openLoop = timed || job.pacing().openLoop() ? new OpenLoopRecorder() : null;
        this.think = job.pacing().think().isUsed() ? new ThinkTime(job.pacing().think()) : null;
        this.syncs = job.sync().everyWrites() > 0 ? new SyncSchedule(job.sync().everyWrites()) : null;
        this.start = setup.rules().start();
        this.target = job.depth().search().isUsed() ? new LatencyTarget(job.depth()) : null;
        this.verification = Verification.of(setup).orElse(null);
        this.maxLatencyNs =
                job.timing().maxLatencyNs() == 0 ? Long.MAX_VALUE : job.timing().maxLatencyNs();
        this.lowDepth = job.depth().low();
        this.mostAtOnce =
                job.depth().batch() == 0 ? Integer.MAX_VALUE : job.depth().batch();
        this.completeMin = job.depth().completeMin();
        this.shaped = think != null || !start.isOpen() || !job.depth().isPlain();
    }

    private static long saturated(long bytes, int loops) {
        return Math.multiplyHigh(bytes, loops) == 0 && bytes * loops >= 0 ? bytes * loops : Long.MAX_VALUE;
    }

    /** Bytes that each buffer of such a lane needs. */
    public static int bufferBytes(JobSpec job) {
        return job.bufferBytes();
    }

    /**
     * Opens the window: forgets what was counted so far and counts from now on. A job that its size ends starts its
     * offsets again, so that the window sees each block once; requests of the ramp still in flight come on top.
     */
    public void beginMeasure(long nowNs) {
        windowOpen = true;
        openWindow(nowNs);
        if (target != null) {
            target.begin(nowNs);
        }
    }

    private void openWindow(long nowNs) {
        releaseHeld();
        recorder.reset();
        Arrays.fill(ios, 0);
        Arrays.fill(bytes, 0);
        startNs = nowNs;
        endNs = nowNs;
        originNs = nowNs;
        lastCompletionNs = nowNs;
        if (isReadingBacklog()) {
            state = State.RUNNING;
        }
        measuring = state == State.RUNNING;
        if (limitBytes != Long.MAX_VALUE || source.isLimited() || verification != null) {
            source.restart();
            if (verification != null) {
                verification.restart();
            }
        }
        issuedBytes = 0;
        if (paced) {
            beginPace(nowNs);
        }
        if (samples != null) {
            samples.begin(nowNs);
        }
        if (think != null) {
            think.begin(nowNs);
        }
        if (syncs != null) {
            syncs.reset();
        }
        long runtimeNs = setup.rules().ownRuntimeNs();
        deadlineNs = runtimeNs == Long.MAX_VALUE ? Long.MAX_VALUE : nowNs + runtimeNs;
    }

    /** Closes the window; no new request is submitted any more. Does nothing when it is closed already. */
    public void endMeasure(long nowNs) {
        if (state != State.RUNNING && !isReadingBacklog()) {
            return;
        }
        endNs = nowNs;
        counting = false;
        if (samples != null) {
            samples.end(nowNs);
        }
        if (!start.isOpen()) {
            startNs = nowNs; // it never began
        } else if (openLoop != null && measuring && mayIssueMore()) {
            openLoop.skipped(waiting() && held.intendedNs - nowNs <= 0 ? 1 : 0);
            openLoop.skipped(
                    timed
                            ? source.skipUntil(nowNs - originNs)
                            : pacer.skipUntil(directions.iterator().next(), reserveBytes, nowNs));
        }
        drain();
    }

    /** Submits until iodepth requests are in flight, or the lane has nothing more to do. */
    void refill(IoTarget target, SubmitBatch batch) {
        if (owed == 0 && mayIssue()) {
            issue(target, batch);
            owed = completeMin > 1 ? Math.min(completeMin, inFlight) : 0;
        }
    }

    private void issue(IoTarget target, SubmitBatch batch) {
        long nowNs = System.nanoTime();
        if (paced && !paceBegun) {
            beginPace(nowNs);
        } else if (originNs == 0) {
            originNs = nowNs;
        }
        int room = mostAtOnce;
        while (mayIssue()) {
            if (shaped && state == State.RUNNING && (room-- == 0 || holdsBack(nowNs))) {
                return;
            }
            IoUnit unit = held == null ? prepare(nowNs) : held;
            if (unit == null) {
                return;
            }
            if (paced && !begin(unit, nowNs)) {
                return;
            }
            SubmitStatus status = target.submit(unit);
            if (status == SubmitStatus.BUSY) {
                held = unit;
                return;
            }
            held = null;
            inFlight++;
            lowering |= inFlight == free.length;
            if (log != null && state == State.RUNNING) {
                log.add(unit.createNs - originNs, unit);
            }
            if (state == State.RUNNING && verification != null && verification.isBacklogFull()) {
                state = State.BACKLOG_DUE; // what is in flight comes back first
            }
            batch.add(unit, status);
        }
    }

    /** Whether the lane's time has not come, it pauses, or lets its depth go down. */
    private boolean holdsBack(long nowNs) {
        if (!start.isOpen()) {
            if (!windowOpen || !start.opens(nowNs)) {
                return true;
            }
            openWindow(nowNs);
            if (target != null) {
                target.begin(nowNs);
            }
        }
        if (target != null && windowOpen) {
            if (target.settles(inFlight, nowNs)) {
                openWindow(nowNs);
            }
            if (target.holds(inFlight)) {
                return true;
            }
        }
        if (nowNs >= deadlineNs) {
            endMeasure(nowNs);
            return true;
        }
        lowering &= inFlight > lowDepth;
        return lowering || (think != null && think.holds(nowNs, inFlight));
    }

    /** Takes a unit back. Returns whether it counts. */
    boolean complete(IoUnit unit, long nowNs) {
        inFlight--;
        owed = Math.max(0, owed - 1);
        free[freeCount++] = unit;
        if (nowNs - unit.createNs > maxLatencyNs && unit.error == 0 && unit.op != IoUnit.Op.FLUSH) {
            unit.error = ETIMEDOUT;
        }
        boolean readBack = verification != null && unit.op == IoUnit.Op.READ && verification.completed(unit);
        int op = unit.op.ordinal();
        boolean counts = counting && unit.error == 0 && unit.op != IoUnit.Op.FLUSH && !readBack;
        if (counts) {
            ios[op]++;
            bytes[op] += unit.lengthBytes;
            recorder.record(unit.op, unit.submitNs - unit.createNs, nowNs - unit.submitNs);
            if (openLoop != null) {
                openLoop.completed(nowNs - unit.intendedNs);
            }
            if (samples != null && windowOpen) {
                samples.add(unit, unit.submitNs - unit.createNs, nowNs - unit.submitNs, nowNs);
            }
            if (think != null) {
                think.completed();
            }
            lastCompletionNs = nowNs;
            if (target != null && windowOpen && target.completed(nowNs - unit.createNs, nowNs)) {
                endMeasure(nowNs);
            }
        } else if (unit.error != 0) {
            fail(unit, nowNs, readBack && !verification.fatal());
        } else if (counting && syncs != null && unit.op == IoUnit.Op.FLUSH) {
            syncs.completed(nowNs - unit.createNs);
        }
        if (state != State.RUNNING || issuedBytes > limitBytes - reserveBytes || !source.hasNext()) {
            advance();
        }
        return counts;
    }

    /** Whether the lane has nothing in flight and nothing to do any more. */
    public boolean isDone() {
        return state == State.DONE;
    }

    /** Requests in flight. */
    public int inFlight() {
        return inFlight;
    }

    /** What it runs and where. */
    public LaneSetup setup() {
        return setup;
    }

    /** The directions that can occur. */
    public Set<IoUnit.Op> directions() {
        return directions;
    }

    /** Latencies inside the window. */
    public LatencyRecorder recorder() {
        return recorder;
    }

    /** Successful requests inside the window. */
    public long ios(IoUnit.Op op) {
        return ios[op.ordinal()];
    }

    /** Bytes moved by them. */
    public long bytes(IoUnit.Op op) {
        return bytes[op.ordinal()];
    }

    /** Failed requests over all phases. */
    public long errors(IoUnit.Op op) {
        return errors[op.ordinal()];
    }

    /** Begin of the window, nanoTime's clock. */
    public long startNs() {
        return startNs;
    }

    /** End of the window, nanoTime's clock. */
    public long endNs() {
        return endNs;
    }

    /** Whether an I/O error ended the lane. */
    public boolean failed() {
        return firstFailure != null && !setup.rules().continueOnError();
    }

    /** The first I/O error over all phases. */
    public Optional<IoFailure> firstFailure() {
        return Optional.ofNullable(firstFailure);
    }

    /** Writes the rest of the logs; after the load thread has ended. */
    public void close() {
        if (log != null) {
            log.close();
        }
        if (samples != null) {
            samples.close();
        }
    }

    /** When the request that waits for its moment is due, or a pause ends; Long.MAX_VALUE when nothing waits. */
    public long nextDueNs() {
        if (shaped && state == State.RUNNING) {
            long untilNs = Math.min(start.startNs(), think == null ? Long.MAX_VALUE : think.untilNs());
            if (untilNs != Long.MAX_VALUE) {
                return untilNs;
            }
        }
        return waiting() ? held.intendedNs : Long.MAX_VALUE;
    }

    /** Flushes among the writes; empty for other jobs. */
    public Optional<SyncSchedule> syncs() {
        return Optional.ofNullable(syncs);
    }

    /** The search for a depth; empty for other jobs. */
    public Optional<LatencyTarget> latencyTarget() {
        return Optional.ofNullable(target);
    }

    /** What an open loop adds; empty for other jobs. */
    public Optional<OpenLoopRecorder> openLoop() {
        return Optional.ofNullable(openLoop);
    }

    /** Whether a request has been made whose moment has not come. */
    private boolean waiting() {
        return held != null && held.createNs == 0;
    }

    private void beginPace(long nowNs) {
        paceBegun = true;
        originNs = nowNs;
        pacer.begin(nowNs);
        if (openLoop != null) {
            openLoop.reset();
        }
    }

    /** Begins a request if it is due; keeps it otherwise. One that the queue had no room for has begun before. */
    private boolean begin(IoUnit unit, long nowNs) {
        if (unit.createNs != 0) {
            return true;
        }
        held = unit;
        if (nowNs >= deadlineNs) {
            endMeasure(nowNs);
            return false;
        }
        if (unit.intendedNs - nowNs > 0) {
            return false;
        }
        unit.createNs = nowNs;
        if (openLoop != null) {
            openLoop.begun(nowNs - unit.intendedNs);
        }
        return true;
    }

    private boolean mayIssueMore() {
        return (!measuring && !timed) || (issuedBytes <= limitBytes - reserveBytes && source.hasNext());
    }

    private boolean mayIssue() {
        if (held != null) {
            return true;
        }
        return freeCount > 0
                && switch (state) {
                    case RUNNING -> mayIssueMore();
                    case FLUSH_DUE -> true;
                    case BACKLOG, VERIFYING -> verification.hasNext();
                    case BACKLOG_DUE, DRAINING, FLUSHING, DONE -> false;
                };
    }

    /** Fills a free unit in; null when the lane's own time is over. A write's clock starts after its stamps were made. */
    private IoUnit prepare(long nowNs) {
        IoUnit unit = free[--freeCount];
        unit.error = 0;
        unit.submitNs = 0;
        if (state == State.FLUSH_DUE) {
            state = State.FLUSHING;
            return prepareFlush(unit);
        }
        if (state == State.VERIFYING || state == State.BACKLOG) {
            return prepareVerify(unit);
        }
        if (syncs != null && syncs.take()) {
            return prepareFlush(unit);
        }
        long dueNs = timed ? originNs + source.dueNs() : 0;
        source.next(unit);
        if (verification != null && unit.op == IoUnit.Op.WRITE) {
            verification.stamp(unit);
        }
        if (paced) {
            unit.intendedNs = timed ? dueNs : pacer.take(unit.op, unit.lengthBytes);
            unit.createNs = 0; // it begins when it is due
        } else {
            unit.createNs = unit.op == IoUnit.Op.WRITE ? System.nanoTime() : nowNs;
            if (unit.createNs >= deadlineNs) {
                free[freeCount++] = unit;
                endMeasure(unit.createNs);
                return null;
            }
        }
        issuedBytes += unit.lengthBytes;
        wrote |= unit.op != IoUnit.Op.READ;
        if (verification != null && unit.op == IoUnit.Op.WRITE) {
            verification.wrote();
        }
        if (syncs != null && unit.op == IoUnit.Op.WRITE) {
            syncs.wrote();
        }
        if (think != null) {
            think.issued();
        }
        return unit;
    }

    /** The requests of the source once more, as reads. */
    private IoUnit prepareVerify(IoUnit unit) {
        verification.next(unit);
        unit.createNs = System.nanoTime();
        return unit;
    }

    private IoUnit prepareFlush(IoUnit unit) {
        unit.op = IoUnit.Op.FLUSH;
        unit.offsetBytes = 0;
        unit.lengthBytes = 0;
        unit.createNs = System.nanoTime();
        return unit;
    }

    private void fail(IoUnit unit, long nowNs, boolean goesOn) {
        errors[unit.op.ordinal()]++;
        if (firstFailure == null) {
            firstFailure = new IoFailure(
                    setup.job().name(),
                    setup.place().disk(),
                    unit.op,
                    unit.offsetBytes,
                    unit.lengthBytes,
                    unit.error,
                    verification == null ? "" : verification.wrong());
        }
        if (!goesOn && !setup.rules().continueOnError()) {
            endMeasure(nowNs);
        }
    }

    private boolean isReadingBacklog() {
        return state == State.BACKLOG_DUE || state == State.BACKLOG;
    }

    private void drain() {
        state = State.DRAINING;
        if (verification != null && held != null && held.op == IoUnit.Op.WRITE) {
            verification.takeBack();
        }
        if (held == null || verification == null || !verification.isOwn(held)) {
            releaseHeld(); // what reads back goes on
        }
        advance();
    }

    private void releaseHeld() {
        if (held != null) {
            if (verification != null) {
                verification.released(held);
            }
            free[freeCount++] = held;
            held = null;
        }
    }

    /** Moves on once nothing is in flight: size done, drained, flushed. */
    private void advance() {
        if (inFlight > 0 || held != null) {
            return;
        }
        switch (state) {
            case RUNNING -> {
                if (measuring) {
                    endMeasure(lastCompletionNs);
                }
            }
            case BACKLOG_DUE -> {
                verification.beginBacklog();
                state = State.BACKLOG;
                advance();
            }
            case BACKLOG -> {
                if (!verification.hasNext()) {
                    state = State.RUNNING;
                    if (issuedBytes > limitBytes - reserveBytes || !source.hasNext()) {
                        advance();
                    }
                }
            }
            case DRAINING -> {
                if (wrote && setup.rules().flushAtEnd()) {
                    state = State.FLUSH_DUE;
                } else {
                    verifyOrFinish();
                }
            }
            case FLUSHING -> verifyOrFinish();
            case VERIFYING -> {
                if (!verification.hasNext()) {
                    finish();
                }
            }
            case FLUSH_DUE, DONE -> {}
        }
    }

    private void verifyOrFinish() {
        boolean sound = firstFailure == null || !firstFailure.wrong().isEmpty();
        if (verification != null && sound && verification.begin()) {
            state = State.VERIFYING;
        } else {
            finish();
        }
    }

    private void finish() {
        state = State.DONE;
        start.leave();
    }
}
