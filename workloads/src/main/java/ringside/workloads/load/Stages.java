package ringside.workloads.load;

import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import ringside.workloads.job.JobSpec;

/** Jobs that wait for all before them (fio: stonewall). Thread-safe: load threads tell each other here. */
public final class Stages {
    private final AtomicIntegerArray running;

    private Stages(int stages) {
        running = new AtomicIntegerArray(stages);
    }

    /** The stages of jobs in their order; a first job that waits for nobody begins no stage of its own. */
    public static Stages of(List<JobSpec> jobs) {
        return new Stages(stageOf(jobs, jobs.size() - 1) + 1);
    }

    /** One stage of all jobs. */
    static Stages single() {
        return new Stages(1);
    }

    /** The stage of a job, from 0. */
    public static int stageOf(List<JobSpec> jobs, int job) {
        int stage = 0;
        for (int i = 1; i <= job; i++) {
            stage += jobs.get(i).timing().start().stonewall() ? 1 : 0;
        }
        return stage;
    }

    /** A lane belongs to a stage; before the load begins. */
    void join(int stage) {
        running.incrementAndGet(stage);
    }

    /** A lane of a stage has ended. */
    void leave(int stage) {
        running.decrementAndGet(stage);
    }

    /** Whether all lanes of the stages before have ended. */
    boolean isReached(int stage) {
        for (int i = 0; i < stage; i++) {
            if (running.get(i) > 0) {
                return false;
            }
        }
        return true;
    }
}
