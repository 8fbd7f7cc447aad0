package ringside.emulator.fuzz;

import java.util.ArrayList;
import java.util.List;
import ringside.emulator.eventloop.BottomHalf;
import ringside.emulator.eventloop.LoopContext;
import ringside.emulator.eventloop.LoopTask;
import ringside.emulator.trace.CounterBlock;

/** A loop without a thread: bottom halves and tasks run when the target says so. */
public final class StepLoop implements LoopContext {
    private final List<BottomHalf> scheduled = new ArrayList<>();
    private final List<LoopTask> tasks = new ArrayList<>();
    private final CounterBlock counters = new CounterBlock("step-loop");

    /** Runs what is scheduled, and what that schedules. */
    public void step() {
        while (!scheduled.isEmpty()) {
            scheduled.removeFirst().run();
        }
    }

    /** Lets the attached tasks work as a loop would after their kicks, until none finds anything. */
    public void work() {
        boolean again = true;
        while (again) {
            again = false;
            for (LoopTask task : List.copyOf(tasks)) {
                task.acknowledge();
                again |= task.doWork() > 0;
            }
            step();
            for (LoopTask task : List.copyOf(tasks)) {
                again |= task.prepareToBlock();
            }
        }
    }

    @Override
    public String name() {
        return "step-loop";
    }

    @Override
    public void wake() {
        // The target decides when the loop runs.
    }

    @Override
    public void schedule(BottomHalf bottomHalf) {
        if (!scheduled.contains(bottomHalf)) {
            scheduled.add(bottomHalf);
        }
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
