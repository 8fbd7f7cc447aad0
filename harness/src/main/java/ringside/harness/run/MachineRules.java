package ringside.harness.run;

import ringside.emulator.guest.BlkDriverQueue;
import ringside.emulator.machine.DiskSpec;
import ringside.emulator.machine.Machine;
import ringside.emulator.machine.MachineException;
import ringside.emulator.machine.MachineSpec;
import ringside.harness.HarnessException;
import ringside.workloads.job.BlockSizes;
import ringside.workloads.job.JobSpec;

/** What would refuse a machine or its load when it is built, found out before anything runs. */
final class MachineRules {
    /** Descriptors of a request without indirect descriptors: header, one data segment, status. */
    private static final int DIRECT_DESCRIPTORS = 3;

    private MachineRules() {}

    /** @throws HarnessException in one line */
    static void check(MachineSpec spec, JobSource.Jobs jobs) {
        try {
            Machine.check(spec);
        } catch (MachineException e) {
            throw HarnessException.badInput(e.getMessage(), e);
        }
        for (DiskSpec disk : spec.disks()) {
            checkDepth(disk, jobs);
            checkBlocks(disk, jobs);
        }
    }

    /** A disk serves whole logical blocks only, and segments up to its limits. */
    private static void checkBlocks(DiskSpec disk, JobSource.Jobs jobs) {
        int logical = disk.options().logicalBlockBytes();
        int segments = disk.options().segMax() == 0
                ? BlkDriverQueue.MAX_DATA_SEGMENTS
                : Math.min(BlkDriverQueue.MAX_DATA_SEGMENTS, disk.options().segMax());
        int sizeMax = disk.options().sizeMaxBytes();
        for (JobSpec job : jobs.jobs()) {
            BlockSizes sizes = job.bs();
            boolean whole = sizes.isMultipleOf(logical);
            if (!whole) {
                throw HarnessException.badInput(disk.id() + ": bs of job " + job.name()
                        + " is no multiple of logical-block-size=" + logical + ": use a larger bs or smaller blocks");
            }
            if (sizeMax > 0 && sizes.maxBytes() > (long) segments * sizeMax) {
                throw HarnessException.badInput(disk.id() + ": bs of job " + job.name() + " needs more than " + segments
                        + " segments of size-max=" + sizeMax + ": use a smaller bs or a larger size-max");
            }
        }
    }

    /** Clone c of every job drives queue c modulo the number of queues, so that queue 0 is the fullest. */
    private static void checkDepth(DiskSpec disk, JobSource.Jobs jobs) {
        int allowed = disk.indirect() ? disk.queueSize() : disk.queueSize() / DIRECT_DESCRIPTORS;
        long depth = 0;
        for (JobSpec job : jobs.jobs()) {
            depth += (job.numjobs() + disk.queues() - 1L) / disk.queues() * job.iodepth();
        }
        if (depth > allowed) {
            throw HarnessException.badInput(disk.id() + ": the jobs want " + depth
                    + " requests in flight on a queue, but queue-size=" + disk.queueSize() + " allows " + allowed
                    + ": use a smaller iodepth or a larger queue-size");
        }
    }
}
