package ringside.workloads.job;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * One job: a section of a fio job file, or what a suite made. Immutable; every default is an explicit value.
 *
 * @param name section name, or {@code name=}
 * @param access direction, order and seed
 * @param bs block sizes
 * @param iodepth requests each clone keeps in flight, 1 or more
 * @param numjobs clones of this job per disk, 1 or more
 * @param region part of the disk
 * @param timing duration
 * @param recorded options that are accepted and recorded but steer nothing here ({@code direct}, {@code ioengine},
 *     {@code filename} and others), by name
 */
public record JobSpec(
        String name,
        JobAccess access,
        BlockSizes bs,
        int iodepth,
        int numjobs,
        JobRegion region,
        JobTiming timing,
        Map<String, String> recorded) {
    public JobSpec {
        if (iodepth < 1) {
            throw new IllegalArgumentException("iodepth=" + iodepth + " is out of range: it must be 1 or more");
        }
        if (numjobs < 1) {
            throw new IllegalArgumentException("numjobs=" + numjobs + " is out of range: it must be 1 or more");
        }
        recorded = Collections.unmodifiableMap(new TreeMap<>(recorded));
    }

    /** A job with fio's defaults: sequential 4 KiB reads of the whole disk once, depth 1. */
    public static JobSpec defaults(String name) {
        return new JobSpec(
                name,
                new JobAccess(ReadWrite.READ, 50, JobAccess.DEFAULT_RANDSEED, false),
                BlockSizes.DEFAULT,
                1,
                1,
                JobRegion.WHOLE_DISK,
                new JobTiming(0, false, 0),
                Map.of());
    }

    /** Direction and order. */
    public ReadWrite rw() {
        return access.rw();
    }

    /** Seed of all random decisions. */
    public long randseed() {
        return access.randseed();
    }

    /** The job file's {@code filename}, empty when not given. */
    public String filename() {
        return recorded.getOrDefault("filename", "");
    }

    /** This job under another name. */
    public JobSpec withName(String value) {
        return new JobSpec(value, access, bs, iodepth, numjobs, region, timing, recorded);
    }

    /** This job with another direction and order. */
    public JobSpec withRw(ReadWrite value) {
        return withAccess(new JobAccess(value, access.rwmixread(), access.randseed(), access.norandommap()));
    }

    /** This job with another share of reads, 0..100 per cent. */
    public JobSpec withRwmixread(int value) {
        return withAccess(new JobAccess(access.rw(), value, access.randseed(), access.norandommap()));
    }

    /** This job with another seed. */
    public JobSpec withRandseed(long value) {
        return withAccess(new JobAccess(access.rw(), access.rwmixread(), value, access.norandommap()));
    }

    /** This job with or without repeated random offsets. */
    public JobSpec withNorandommap(boolean value) {
        return withAccess(new JobAccess(access.rw(), access.rwmixread(), access.randseed(), value));
    }

    /** This job with other block sizes. */
    public JobSpec withBs(BlockSizes value) {
        return new JobSpec(name, access, value, iodepth, numjobs, region, timing, recorded);
    }

    /** This job with one block size for all directions, a multiple of 512. */
    public JobSpec withBs(int bytes) {
        return withBs(BlockSizes.of(bytes));
    }

    /** This job with another queue depth. */
    public JobSpec withIodepth(int value) {
        return new JobSpec(name, access, bs, value, numjobs, region, timing, recorded);
    }

    /** This job with another number of clones per disk. */
    public JobSpec withNumjobs(int value) {
        return new JobSpec(name, access, bs, iodepth, value, region, timing, recorded);
    }

    /** This job on another part of the disk. */
    public JobSpec withRegion(JobRegion value) {
        return new JobSpec(name, access, bs, iodepth, numjobs, value, timing, recorded);
    }

    /** This job with another duration. */
    public JobSpec withTiming(JobTiming value) {
        return new JobSpec(name, access, bs, iodepth, numjobs, region, value, recorded);
    }

    /** This job running for exactly this time: a runtime and {@code time_based}. */
    public JobSpec withRuntimeNs(long runtimeNs) {
        return withTiming(new JobTiming(runtimeNs, true, timing.rampTimeNs()));
    }

    /** This job with another ramp. */
    public JobSpec withRampTimeNs(long rampTimeNs) {
        return withTiming(new JobTiming(timing.runtimeNs(), timing.timeBased(), rampTimeNs));
    }

    private JobSpec withAccess(JobAccess value) {
        return new JobSpec(name, value, bs, iodepth, numjobs, region, timing, recorded);
    }
}
