package ringside.workloads.job;

import java.util.Map;
import java.util.TreeMap;

/** The values of a job while its option lines are applied one by one. */
final class JobDraft {
    String name;
    ReadWrite rw = ReadWrite.READ;
    int rwmixread = 50;
    long randseed = JobAccess.DEFAULT_RANDSEED;
    boolean norandommap;
    BlockSizes bs = BlockSizes.DEFAULT;
    int iodepth = 1;
    int numjobs = 1;
    Extent offset = Extent.UNSET;
    Extent size = Extent.UNSET;
    Extent ioSize = Extent.UNSET;
    long runtimeNs;
    boolean timeBased;
    long rampTimeNs;
    final Map<String, String> recorded = new TreeMap<>();

    JobDraft(String name) {
        this.name = name;
    }

    JobSpec build() {
        return new JobSpec(
                name,
                new JobAccess(rw, rwmixread, randseed, norandommap),
                bs,
                iodepth,
                numjobs,
                new JobRegion(offset, size, ioSize),
                new JobTiming(runtimeNs, timeBased, rampTimeNs),
                recorded);
    }
}
