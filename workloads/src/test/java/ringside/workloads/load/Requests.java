package ringside.workloads.load;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import ringside.workloads.job.JobRegion;
import ringside.workloads.job.JobSpec;
import ringside.workloads.unit.IoUnit;

/** What a job asks for, without a target. */
final class Requests {
    /** One request. */
    record One(IoUnit.Op op, long offsetBytes, int lengthBytes) {}

    private Requests() {}

    static List<One> of(JobSpec job, long capacityBytes, int count) {
        return take(job, capacityBytes, 0, count);
    }

    static List<One> afterRestart(JobSpec job, long capacityBytes, int count) {
        return take(job, capacityBytes, 777, count);
    }

    private static List<One> take(JobSpec job, long capacityBytes, int before, int count) {
        JobRegion.Resolved region = job.region().resolve(job.name(), capacityBytes, job.bs());
        RequestSource source = new RequestSource(job, region, job.randseed());
        List<One> requests = new ArrayList<>(count);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(job.bufferBytes(), 4096);
            IoUnit unit = new IoUnit(0, buffer, buffer.address());
            source.fill(new IoUnit[] {unit});
            for (int i = 0; i < before; i++) {
                source.next(unit);
            }
            if (before > 0) {
                source.restart();
            }
            for (int i = 0; i < count; i++) {
                source.next(unit);
                requests.add(new One(unit.op, unit.offsetBytes, unit.lengthBytes));
            }
        }
        return requests;
    }
}
