package ringside.workloads.load;

import ringside.workloads.content.BufferContent;
import ringside.workloads.content.RandomContent;
import ringside.workloads.content.RandomRules;
import ringside.workloads.content.TiledContent;
import ringside.workloads.job.JobContent;
import ringside.workloads.job.JobRegion;
import ringside.workloads.job.JobSpec;
import ringside.workloads.pattern.SplitMix64;
import ringside.workloads.unit.IoUnit;
import ringside.workloads.verify.WriteStamp;

/** The bytes of a lane's writes: stamps, or what the job asks for instead. Confined to the lane's thread. */
final class WriteContent {
    private static final int CONTENT_SEED = 48;
    private static final byte[] ZERO = {0};

    private final WriteStamp stamp;
    private final BufferContent content;

    private WriteContent(WriteStamp stamp, BufferContent content) {
        this.stamp = stamp;
        this.content = content;
    }

    static WriteContent of(JobSpec job, JobRegion.Resolved region, long seed) {
        JobContent content = job.content();
        if (content.isStamped()) {
            return new WriteContent(new WriteStamp(seed), null);
        }
        boolean mixed = content.compressPercent() > 0 || content.dedupePercent() > 0;
        boolean tiled = !mixed && (content.zero() || !content.pattern().isEmpty());
        if (tiled) {
            byte[] bytes = content.zero() ? ZERO : content.pattern().bytes();
            int bufferBytes = job.bufferBytes();
            return new WriteContent(
                    null,
                    new TiledContent(
                            bytes, bufferBytes, job.rw().reads() || job.verify().isUsed()));
        }
        return new WriteContent(null, random(job, region, SplitMix64.derive(seed, CONTENT_SEED)));
    }

    private static BufferContent random(JobSpec job, JobRegion.Resolved region, long seed) {
        JobContent content = job.content();
        int block = job.bs().write().minBytes();
        int chunk = content.compressChunkBytes() == 0 ? block : Math.min(block, content.compressChunkBytes());
        long workingSet = region.sizeBytes() / 100 * content.workingSetPercent() / block;
        return new RandomContent(new RandomRules(
                seed,
                content.refill(),
                content.pattern().isEmpty() ? ZERO : content.pattern().bytes(),
                content.compressPercent(),
                chunk,
                content.dedupePercent(),
                content.workingSetPercent() == 0 ? 0 : Math.max(1, workingSet)));
    }

    /** Fills the buffers before the load. */
    void fill(IoUnit[] units) {
        for (IoUnit unit : units) {
            if (stamp != null) {
                stamp.fill(unit.buffer, unit.index);
            } else {
                content.fill(unit.buffer);
            }
        }
    }

    /** Prepares the buffer of a unit whose write has been placed. */
    void prepare(IoUnit unit) {
        if (stamp != null) {
            stamp.stamp(unit.buffer, unit.index, unit.offsetBytes, unit.lengthBytes);
        } else {
            content.refill(unit.buffer, unit.lengthBytes);
        }
    }
}
