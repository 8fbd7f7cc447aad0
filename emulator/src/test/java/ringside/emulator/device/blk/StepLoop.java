package ringside.emulator.device.blk;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import ringside.emulator.eventloop.BottomHalf;
import ringside.emulator.eventloop.LoopContext;
import ringside.emulator.eventloop.LoopTask;
import ringside.emulator.trace.CounterBlock;

/** A loop without a thread: bottom halves run when the test says so. */
final class StepLoop implements LoopContext {
    private final Set<BottomHalf> scheduled = new LinkedHashSet<>();
    private final CounterBlock counters = new CounterBlock("step-loop");

    /** Runs what is scheduled now. */
    void step() {
        List<BottomHalf> now = List.copyOf(scheduled);
        scheduled.clear();
        now.forEach(BottomHalf::run);
    }

    @Override
    public String name() {
        return "step-loop";
    }

    @Override
    public void wake() {
        // The test decides when the loop runs.
    }

    @Override
    public void schedule(BottomHalf bottomHalf) {
        scheduled.add(bottomHalf);
    }

    @Override
    public void attach(LoopTask task) {
        throw new UnsupportedOperationException("kicks are trapped in this fixture");
    }

    @Override
    public void detach(LoopTask task) {
        throw new UnsupportedOperationException("kicks are trapped in this fixture");
    }

    @Override
    public CounterBlock counters() {
        return counters;
    }
}
