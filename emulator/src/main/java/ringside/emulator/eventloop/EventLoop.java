package ringside.emulator.eventloop;

import java.lang.System.Logger.Level;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import ringside.emulator.trace.CounterBlock;
import ringside.emulator.trace.CounterId;

/**
 * What main loop and IOThread share: a set of tasks, bottom halves, commands from other threads, and one pass over
 * them. Subclasses own the thread and decide what happens around a pass (the big lock, busy polling).
 *
 * <p>Abstract because both loops need the same bookkeeping inside one object on the hot path; the differences are two
 * short run methods.
 */
abstract sealed class EventLoop implements LoopContext, AutoCloseable permits MainLoop, IoThread {
    private static final System.Logger LOG = System.getLogger(EventLoop.class.getName());
    private static final int NOBODY = -1;

    private final String name;
    private final CounterBlock counters;
    private final boolean counting;
    private final PollSet pollSet = new PollSet();
    private final EventNotifier wakeUp = new EventNotifier();
    private final ConcurrentLinkedQueue<Runnable> commands = new ConcurrentLinkedQueue<>();
    private final Thread thread;

    private LoopTask[] tasks = {};
    /** The tasks as they were when the poll set was built; others may be attached while the loop waits. */
    private LoopTask[] polled = {};

    /** The list that is being gone through, and the place in it; {@link #NOBODY} outside any task. */
    private LoopTask[] visited = tasks;

    private int visiting = NOBODY;

    private boolean pollSetStale = true;
    private BottomHalf firstBottomHalf;
    private BottomHalf lastBottomHalf;
    /** What this pass has still to run, and what it runs right now. */
    private BottomHalf dueBottomHalf;

    private BottomHalf runningBottomHalf;

    private volatile boolean blocking;
    private volatile boolean wakeRequested;
    private volatile boolean stopping;
    private volatile Throwable failure;

    EventLoop(String name, boolean counting) {
        this.name = name;
        this.counting = counting;
        this.counters = new CounterBlock(name);
        this.thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this::runGuarded);
    }

    /** The loop proper, until {@link #stopping()}; called again after a task of it has failed. */
    abstract void run();

    /** Runs something on the loop's thread in the context of the loop, which {@link #run()} has left. */
    abstract void inContext(Runnable action);

    private void runGuarded() {
        try {
            while (!stopping) {
                runUntilFailure();
            }
        } catch (Throwable t) {
            // The one place where a loop's thread ends: whoever waits for the loop must see why it died.
            failure = t;
            LOG.log(Level.ERROR, () -> name + " died: its disks no longer answer", t);
        }
    }

    /** A failure that belongs to a task costs the loop that task; any other is the loop's own and leaves here. */
    private void runUntilFailure() {
        try {
            run();
        } catch (RuntimeException | Error e) {
            List<LoopTask> guilty = TaskFailures.guilty(e, visitedTask(), tasks);
            if (guilty.isEmpty() && runningBottomHalf == null) {
                throw e;
            }
            inContext(() -> contain(e, guilty));
        }
    }

    /** The task that was running; a bottom half that is a task, too, counts as that. */
    private LoopTask visitedTask() {
        if (visiting != NOBODY) {
            return visited[visiting];
        }
        return runningBottomHalf instanceof LoopTask task ? task : null;
    }

    private void contain(Throwable cause, List<LoopTask> guilty) {
        visiting = NOBODY;
        runningBottomHalf = null;
        blocking = false;
        wakeRequested = true; // commands may wait for the rest of the pass
        guilty.forEach(this::detach);
        // What the failure kept from being run is not lost: others wait for it.
        while (dueBottomHalf != null) {
            BottomHalf bottomHalf = dueBottomHalf;
            dueBottomHalf = bottomHalf.next;
            bottomHalf.scheduled = false;
            schedule(bottomHalf);
        }
        TaskFailures.tell(name, cause, guilty);
    }

    /** Starts the loop's thread. */
    public void start() {
        thread.start();
    }

    @Override
    public String name() {
        return name;
    }

    /** The loop's thread. */
    public Thread thread() {
        return thread;
    }

    @Override
    public CounterBlock counters() {
        return counters;
    }

    final boolean counting() {
        return counting;
    }

    final boolean stopping() {
        return stopping;
    }

    /** How many tasks a pass visits. In the context of the loop. */
    final int tasks() {
        return tasks.length;
    }

    @Override
    public void attach(LoopTask task) {
        LoopTask[] more = new LoopTask[tasks.length + 1];
        System.arraycopy(tasks, 0, more, 0, tasks.length);
        more[tasks.length] = task;
        tasks = more;
        pollSetStale = true;
    }

    @Override
    public void detach(LoopTask task) {
        List<LoopTask> fewer = new ArrayList<>(List.of(tasks));
        fewer.remove(task);
        tasks = fewer.toArray(LoopTask[]::new);
        pollSetStale = true;
    }

    @Override
    public void schedule(BottomHalf bottomHalf) {
        if (bottomHalf.scheduled) {
            return;
        }
        bottomHalf.scheduled = true;
        bottomHalf.next = null;
        if (lastBottomHalf == null) {
            firstBottomHalf = bottomHalf;
        } else {
            lastBottomHalf.next = bottomHalf;
        }
        lastBottomHalf = bottomHalf;
    }

    @Override
    public void wake() {
        wakeRequested = true;
        // Both fields are volatile: either this thread sees the loop blocking, or the loop sees the request before it
        // blocks (Dekker).
        if (blocking) {
            wakeUp.signal();
        }
    }

    /**
     * Runs a command in the context of the loop and waits for it. Not from the loop itself. Works on a loop that has
     * not been started or has been closed, too: then it runs at once.
     *
     * @throws IllegalStateException when the command failed, or the loop died, with the cause
     */
    public void invoke(Runnable command) {
        if (failure != null) {
            throw died();
        }
        if (!thread.isAlive()) {
            command.run();
            return;
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        commands.add(() -> {
            try {
                command.run();
                done.complete(null);
            } catch (Throwable t) {
                done.completeExceptionally(t);
                rethrowFault(t);
            }
        });
        wake();
        awaitCommand(done);
    }

    private void awaitCommand(CompletableFuture<Void> done) {
        boolean waiting = true;
        while (waiting) {
            try {
                done.get(20, TimeUnit.MILLISECONDS);
                waiting = false;
            } catch (TimeoutException _) {
                if (!thread.isAlive() && !done.isDone()) {
                    throw died();
                }
                wake();
            } catch (ExecutionException e) {
                throw new IllegalStateException("command failed on " + name, e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for " + name, e);
            }
        }
    }

    /** A fault in memory may be a task's that happens to surface in a command: then the tasks must be asked, too. */
    private void rethrowFault(Throwable t) {
        if (t instanceof InternalError fault
                && !TaskFailures.guilty(fault, null, tasks).isEmpty()) {
            throw fault;
        }
    }

    private IllegalStateException died() {
        return new IllegalStateException(name + " has ended and cannot be asked", failure);
    }

    /** One pass: every task, then commands and bottom halves. Returns the number of items done. */
    final int pass() {
        // Taken back before the tasks have their turn: a wake that comes meanwhile must bring another pass.
        boolean woken = wakeRequested;
        if (woken) {
            wakeRequested = false;
        }
        int work = 0;
        LoopTask[] now = visit(tasks);
        for (int i = 0; i < now.length; i++) {
            visiting = i;
            work += now[i].doWork();
        }
        visiting = NOBODY;
        work += runBottomHalves();
        if (woken) {
            work += runCommands();
        }
        if (counting) {
            counters.increment(CounterId.LOOP_ITERATIONS);
        }
        return work;
    }

    /** Notes which list is gone through, so that a failure finds its task. Most often it is the same again. */
    private LoopTask[] visit(LoopTask[] list) {
        if (visited != list) {
            visited = list;
        }
        return list;
    }

    private int runBottomHalves() {
        if (firstBottomHalf == null) {
            return 0;
        }
        int work = 0;
        // Those scheduled while this runs wait for the next pass, so a self-scheduling one cannot starve the tasks.
        dueBottomHalf = firstBottomHalf;
        firstBottomHalf = null;
        lastBottomHalf = null;
        while (dueBottomHalf != null) {
            runningBottomHalf = dueBottomHalf;
            dueBottomHalf = runningBottomHalf.next;
            runningBottomHalf.scheduled = false;
            runningBottomHalf.run();
            work++;
        }
        runningBottomHalf = null;
        return work;
    }

    private int runCommands() {
        int work = 0;
        for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
            command.run();
            work++;
        }
        return work;
    }

    /**
     * Announces that the loop will block and arms all tasks. In the context of the loop.
     *
     * @return whether it may block; when false, {@link #endBlocking()} has been called
     */
    final boolean beginBlocking() {
        blocking = true;
        VarHandle.fullFence();
        boolean work = wakeRequested || stopping || firstBottomHalf != null;
        LoopTask[] now = visit(tasks);
        for (int i = 0; i < now.length; i++) {
            visiting = i;
            work |= now[i].prepareToBlock();
        }
        visiting = NOBODY;
        if (work) {
            blocking = false;
        }
        if (pollSetStale) {
            rebuildPollSet();
        }
        return !work;
    }

    /** The earliest deadline as a time-out: negative without one. In the context of the loop. */
    final long timeoutNs() {
        long earliest = Long.MAX_VALUE;
        LoopTask[] now = visit(tasks);
        for (int i = 0; i < now.length; i++) {
            visiting = i;
            earliest = Math.min(earliest, now[i].deadlineNs());
        }
        visiting = NOBODY;
        return earliest == Long.MAX_VALUE ? -1 : Math.max(0, earliest - System.nanoTime());
    }

    /** Waits in the kernel; outside the big lock. Returns whether a descriptor became readable. */
    final boolean await(long timeoutNs) {
        return pollSet.await(timeoutNs) > 0;
    }

    /** After {@link #await}, in the context of the loop: clears what was signalled. */
    final void endBlocking(boolean anyReadable) {
        blocking = false;
        if (!anyReadable) {
            return;
        }
        LoopTask[] now = visit(polled);
        for (int i = 0; i < now.length; i++) {
            if (pollSet.readable(i)) {
                visiting = i;
                now[i].acknowledge();
            }
        }
        visiting = NOBODY;
        if (pollSet.readable(polled.length)) {
            wakeUp.clear();
        }
    }

    private void rebuildPollSet() {
        polled = tasks;
        int[] fds = new int[polled.length + 1];
        for (int i = 0; i < polled.length; i++) {
            fds[i] = polled[i].pollFd();
        }
        fds[polled.length] = wakeUp.fd();
        pollSet.set(fds);
        pollSetStale = false;
    }

    /** Stops the thread and frees what the loop owns. Tasks must have been detached or be quiet. */
    @Override
    public void close() {
        stopping = true;
        wake();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while stopping " + name, e);
        }
        pollSet.close();
        wakeUp.close();
    }
}
