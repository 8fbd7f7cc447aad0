package ringside.workloads.runner;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ringside.workloads.job.JobSpec;
import ringside.workloads.load.LanePlace;

/**
 * Which lane runs where. Every job runs on every disk with numjobs clones; clone c drives queue c modulo the number of
 * queues. A queue belongs to one thread; queues in use are dealt to the threads in turn.
 */
final class Placement {
    /**
     * A lane to be made.
     *
     * @param job what it runs
     * @param place where it runs
     * @param number its number in the run, which also makes its seed differ
     */
    record Slot(JobSpec job, LanePlace place, int number) {}

    private record Queue(int disk, int queue) {}

    private final Map<Queue, List<Slot>> byQueue = new LinkedHashMap<>();
    private int threads;

    private Placement() {}

    static Placement of(RunPlan plan, int disks, int queuesPerDisk) {
        Placement placement = new Placement();
        Map<Queue, Integer> threadOf = dealQueues(plan, disks, queuesPerDisk);
        placement.threads = (int) threadOf.values().stream().distinct().count();
        int number = 0;
        for (JobSpec job : plan.jobs()) {
            for (int disk = 0; disk < disks; disk++) {
                for (int clone = 0; clone < job.numjobs(); clone++) {
                    Queue queue = new Queue(disk, clone % queuesPerDisk);
                    LanePlace place = new LanePlace(disk, queue.queue, clone, threadOf.get(queue));
                    placement
                            .byQueue
                            .computeIfAbsent(queue, _ -> new ArrayList<>())
                            .add(new Slot(job, place, number++));
                }
            }
        }
        return placement;
    }

    private static Map<Queue, Integer> dealQueues(RunPlan plan, int disks, int queuesPerDisk) {
        int clones = plan.jobs().stream().mapToInt(JobSpec::numjobs).max().orElse(1);
        int queues = Math.min(clones, queuesPerDisk);
        int threads = plan.loadThreads() == 0 ? disks * queues : plan.loadThreads();
        Map<Queue, Integer> threadOf = new LinkedHashMap<>();
        for (int disk = 0; disk < disks; disk++) {
            for (int queue = 0; queue < queues; queue++) {
                threadOf.put(new Queue(disk, queue), threadOf.size() % threads);
            }
        }
        return threadOf;
    }

    /** Number of threads that have something to do. */
    int threads() {
        return threads;
    }

    /** The lanes of each queue in use. */
    List<List<Slot>> queues() {
        return List.copyOf(byQueue.values());
    }
}
