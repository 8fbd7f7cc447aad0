package ringside.emulator.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import ringside.emulator.eventloop.BigLock;
import ringside.emulator.eventloop.IoThread;
import ringside.emulator.eventloop.MainLoop;

/** The loops of a machine and which of them serves each queue. */
final class LoopPlan {
    private final MachineSpec spec;
    private final MainLoop mainLoop;
    private final List<IoThread> ioThreads;

    LoopPlan(MachineSpec spec, BigLock lock) {
        this.spec = spec;
        boolean counting = spec.trace().counts();
        this.mainLoop = new MainLoop(lock, counting);
        // Adaptive polling came years after 1.4: its loop only waited.
        PollSpec poll = spec.threading() == ThreadingPreset.DATA_PLANE_1_4 ? PollSpec.OFF : spec.poll();
        this.ioThreads = IntStream.range(0, count(spec))
                .mapToObj(i -> new IoThread(name(spec, i), counting, poll.maxNs(), poll.grow(), poll.shrink()))
                .toList();
    }

    private static int count(MachineSpec spec) {
        return switch (spec.threading()) {
            case BIG_LOCK, MAIN_LOOP -> 0;
            case DATA_PLANE_1_4 -> spec.disks().size();
            case IOTHREAD, IOTHREAD_VQ_MAPPING -> spec.iothreads();
        };
    }

    private static String name(MachineSpec spec, int index) {
        return spec.threading() == ThreadingPreset.DATA_PLANE_1_4
                ? "data-plane-" + spec.disks().get(index).id()
                : "iothread" + index;
    }

    MainLoop mainLoop() {
        return mainLoop;
    }

    List<IoThread> ioThreads() {
        return ioThreads;
    }

    /** Index into {@link #ioThreads()} for a queue, -1 for the main loop. */
    int loopOf(int disk, int queue) {
        return switch (spec.threading()) {
            case BIG_LOCK, MAIN_LOOP -> -1;
            case DATA_PLANE_1_4 -> disk;
            case IOTHREAD -> disk % ioThreads.size();
            case IOTHREAD_VQ_MAPPING -> mapped(disk, queue);
        };
    }

    /** Round robin starts one IOThread later for each disk, so that disks with one queue spread, too. */
    private int mapped(int disk, int queue) {
        if (spec.vqMapping().isEmpty()) {
            return (disk + queue) % ioThreads.size();
        }
        return IntStream.range(0, spec.vqMapping().size())
                .filter(i -> spec.vqMapping().get(i).contains(queue))
                .findFirst()
                .orElseThrow();
    }

    /** IOThreads that serve no queue: configured but idle. */
    List<String> idle() {
        List<String> idle = new ArrayList<>();
        for (int t = 0; t < ioThreads.size(); t++) {
            int thread = t;
            boolean used = IntStream.range(0, spec.disks().size())
                    .anyMatch(d ->
                            IntStream.range(0, spec.disks().get(d).queues()).anyMatch(q -> loopOf(d, q) == thread));
            if (!used) {
                idle.add(ioThreads.get(t).name());
            }
        }
        return idle;
    }
}
