package ringside.emulator.block.coroutine;

import java.util.ArrayList;
import java.util.List;
import ringside.emulator.eventloop.BottomHalf;
import ringside.emulator.eventloop.LoopContext;
import ringside.emulator.eventloop.LoopTask;
import ringside.emulator.trace.CounterBlock;

/** A loop that the benchmark's thread passes. */
public final class SteppedLoop implements LoopContext {
    private final List<LoopTask> tasks = new ArrayList<>();
    private final CounterBlock counters = new CounterBlock("benchmark");

    /** Visits every task once. */
    public int pass() {
        int work = 0;
        for (int i = 0; i < tasks.size(); i++) {
            work += tasks.get(i).doWork();
        }
        return work;
    }

    @Override
    public String name() {
        return "benchmark";
    }

    @Override
    public void wake() {
        // the benchmark never sleeps
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
}
