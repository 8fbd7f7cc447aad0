package ringside.harness.run;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import ringside.emulator.machine.ThreadAffinity;
import ringside.harness.serve.CpuList;
import ringside.harness.suite.Option;
import ringside.workloads.job.JobSpec;

/** Binds the load threads to CPUs, one each in turn. */
final class ClientPlacement {
    private static final long START_LIMIT_NS = TimeUnit.SECONDS.toNanos(5);

    private final List<Integer> cpus;
    private final int threads;
    private boolean done;

    /** @param disks number of disks that the load drives */
    ClientPlacement(RunSpec spec, JobSource.Jobs jobs, int disks) {
        String text = spec.option(Option.CLIENT_CPUS);
        this.cpus = text.equals("any") ? List.of() : CpuList.parse(text);
        int clones = jobs.jobs().stream().mapToInt(JobSpec::numjobs).max().orElse(1);
        int inUse = disks * Math.min(clones, Integer.parseInt(spec.option(Option.QUEUES)));
        String vcpus = spec.option(Option.VCPUS);
        this.threads = vcpus.equals("auto") ? inUse : Math.min(inUse, Integer.parseInt(vcpus));
    }

    /** When the load threads have been started; later calls do nothing. */
    void apply() {
        if (done || cpus.isEmpty()) {
            return;
        }
        done = true;
        for (int i = 0; i < threads; i++) {
            pin("vcpu" + i, cpus.get(i % cpus.size()));
        }
    }

    /** A thread that was just started has its name a moment later. */
    private static void pin(String thread, int cpu) {
        long beginNs = System.nanoTime();
        while (true) {
            try {
                ThreadAffinity.pin(thread, cpu);
                return;
            } catch (IllegalStateException e) {
                if (System.nanoTime() - beginNs > START_LIMIT_NS) {
                    throw e;
                }
                LockSupport.parkNanos(1_000_000);
            }
        }
    }
}
