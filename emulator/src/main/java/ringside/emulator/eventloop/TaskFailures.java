package ringside.emulator.eventloop;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.stream.Stream;

/** Whose failure it is that left a pass of a loop, and how the tasks in question learn of it. */
final class TaskFailures {
    private static final System.Logger LOG = System.getLogger(EventLoop.class.getName());

    private TaskFailures() {}

    /**
     * The tasks that a failure is to be told to.
     *
     * @param running the task that was running, or null when none was
     * @param attached all tasks of the loop
     * @return empty when the failure is the loop's own
     */
    static List<LoopTask> guilty(Throwable cause, LoopTask running, LoopTask[] attached) {
        if (cause instanceof InternalError && (running == null || !running.touchesForeignMemory())) {
            // A fault in memory surfaces at a safepoint after the access, perhaps when its task has ended.
            List<LoopTask> suspects =
                    Stream.of(attached).filter(LoopTask::touchesForeignMemory).toList();
            if (!suspects.isEmpty()) {
                return suspects;
            }
        }
        return running == null ? List.of() : List.of(running);
    }

    /** Logs one line and tells every task; one that fails at that, too, does not keep it from the others. */
    static void tell(String loop, Throwable cause, List<LoopTask> guilty) {
        String names = guilty.isEmpty()
                ? "a bottom half"
                : String.join(", ", guilty.stream().map(LoopTask::roleName).toList());
        LOG.log(Level.ERROR, "{0}: {1} failed and was detached, the loop goes on: {2}", loop, names, cause);
        LOG.log(Level.DEBUG, () -> loop + ": where " + names + " failed", cause);
        for (LoopTask task : guilty) {
            try {
                task.failed(cause);
            } catch (RuntimeException | Error e) {
                LOG.log(Level.ERROR, "{0}: {1} failed again when told so: {2}", loop, task.roleName(), e);
            }
        }
    }
}
