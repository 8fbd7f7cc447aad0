package ringside.emulator.aio;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import ringside.emulator.eventloop.BottomHalf;
import ringside.emulator.eventloop.LoopContext;
import ringside.emulator.eventloop.LoopTask;
import ringside.emulator.ffi.LibC;
import ringside.emulator.trace.CounterBlock;

/** A loop without a thread: the test drives it, by polling or by blocking exactly as the contract of LoopTask says. */
public final class TestLoop implements LoopContext {
    private static final long STALL_NS = 20_000_000_000L;

    /** The event in a struct pollfd {fd, events, revents}, read as one number. */
    private static final long POLLIN = 1L << 32;

    private final CounterBlock counters = new CounterBlock("test-loop");
    private final List<LoopTask> tasks = new ArrayList<>();
    private final AtomicInteger wakes = new AtomicInteger();

    @Override
    public String name() {
        return "test-loop";
    }

    @Override
    public void wake() {
        wakes.incrementAndGet();
    }

    /** How often somebody asked for another iteration. */
    public int wakes() {
        return wakes.get();
    }

    @Override
    public void schedule(BottomHalf bottomHalf) {
        bottomHalf.run();
    }

    @Override
    public void attach(LoopTask task) {
        tasks.add(task);
    }

    @Override
    public void detach(LoopTask task) {
        tasks.remove(task);
    }

    @Override
    public CounterBlock counters() {
        return counters;
    }

    /** One pass over all tasks. */
    public int pass() {
        int work = 0;
        for (int i = 0; i < tasks.size(); i++) {
            work += tasks.get(i).doWork();
        }
        return work;
    }

    /** Polls until the condition holds. */
    public void pollUntil(BooleanSupplier condition) {
        long deadline = System.nanoTime() + STALL_NS;
        while (!condition.getAsBoolean()) {
            if (pass() == 0 && System.nanoTime() - deadline > 0) {
                throw new AssertionError("no completion for 20 seconds");
            }
        }
    }

    /** Blocks on the descriptors of all tasks until the condition holds; a lost notification fails the test. */
    public void blockUntil(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            boolean work = false;
            for (LoopTask task : tasks) {
                work |= task.prepareToBlock();
            }
            if (!work) {
                await();
            }
            pass();
        }
    }

    private void await() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment polled = arena.allocate(ValueLayout.JAVA_LONG, tasks.size());
            for (int i = 0; i < tasks.size(); i++) {
                polled.setAtIndex(
                        ValueLayout.JAVA_LONG,
                        i,
                        Integer.toUnsignedLong(tasks.get(i).pollFd()) | POLLIN);
            }
            if (LibC.ppoll(polled.address(), tasks.size(), STALL_NS) == 0) {
                throw new AssertionError("no notification for 20 seconds");
            }
            for (int i = 0; i < tasks.size(); i++) {
                if (polled.getAtIndex(ValueLayout.JAVA_LONG, i) >>> 48 != 0) {
                    tasks.get(i).acknowledge();
                }
            }
        }
    }
}
