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
 * @param region part of the disk
 * @param content what the buffers of writes hold
 * @param depth requests each clone keeps in flight
 * @param numjobs clones of this job per disk, 1 or more
 * @param timing beginning and duration
 * @param pacing when the next request is due
 * @param sync when writes are made durable
 * @param verify how writes can be checked
 * @param logs the logs it writes
 * @param trace the trace it replays or records
 * @param recorded options that are accepted and recorded but steer nothing here ({@code direct}, {@code ioengine},
 *     {@code filename} and others), by name
 */
public record JobSpec(
        String name,
        JobAccess access,
        BlockSizes bs,
        JobRegion region,
        JobContent content,
        JobDepth depth,
        int numjobs,
        JobTiming timing,
        JobPacing pacing,
        JobSync sync,
        JobVerify verify,
        JobLogs logs,
        JobTrace trace,
        Map<String, String> recorded) {
    public JobSpec {
        if (numjobs < 1) {
            throw new IllegalArgumentException("numjobs=" + numjobs + " is out of range: it must be 1 or more");
        }
        verify.checkRoom(bs);
        recorded = Collections.unmodifiableMap(new TreeMap<>(recorded));
    }

    /** A job with fio's defaults: sequential 4 KiB reads of the whole disk once, depth 1. */
    public static JobSpec defaults(String name) {
        return new JobSpec(
                name,
                JobAccess.DEFAULT,
                BlockSizes.DEFAULT,
                JobRegion.WHOLE_DISK,
                JobContent.DEFAULT,
                JobDepth.DEFAULT,
                1,
                new JobTiming(0, false, 0),
                JobPacing.DEFAULT,
                JobSync.DEFAULT,
                JobVerify.DEFAULT,
                JobLogs.DEFAULT,
                JobTrace.DEFAULT,
                Map.of());
    }

    /** Direction and order. */
    public ReadWrite rw() {
        return access.rw();
    }

    /** Whether requests have a moment, of a rate or of a trace, so that fewer than iodepth may be in flight. */
    public boolean isPaced() {
        return pacing.paced() || (trace.isReplayed() && !trace.rules().noStall());
    }

    /** Whether it has its iodepth in flight all the time: no pace, no pauses, no flushes in between, no partial filling. */
    public boolean keepsItsDepth() {
        return !isPaced() && !pacing.think().isUsed() && depth.isPlain() && sync.everyWrites() == 0;
    }

    /** Bytes that a buffer of this job needs: those of its largest request that moves data, at least one sector. */
    public int bufferBytes() {
        int reads = rw().reads() ? bs.readBytes() : 0;
        int writes = rw().writes() ? bs.writeBytes() : 0;
        // What trimwrite discards it also writes.
        int pairs = rw().writes() && rw().trims() && !trace.isReplayed() ? bs.trimBytes() : 0;
        return Math.max(512, Math.max(pairs, Math.max(reads, writes)));
    }

    /** Requests each clone keeps in flight. */
    public int iodepth() {
        return depth.iodepth();
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
        return new JobSpec(
                value, access, bs, region, content, depth, numjobs, timing, pacing, sync, verify, logs, trace,
                recorded);
    }

    /** This job with another direction and order. */
    public JobSpec withRw(ReadWrite value) {
        return withAccess(access.withRw(value));
    }

    /** This job with another share of reads, 0..100 per cent. */
    public JobSpec withRwmixread(int value) {
        return withAccess(access.withRwmixread(value));
    }

    /** This job with another seed. */
    public JobSpec withRandseed(long value) {
        return withAccess(access.withRandseed(value));
    }

    /** This job with or without repeated random offsets. */
    public JobSpec withNorandommap(boolean value) {
        return withAccess(access.withNorandommap(value));
    }

    /** This job with other block sizes. */
    public JobSpec withBs(BlockSizes value) {
        return new JobSpec(
                name, access, value, region, content, depth, numjobs, timing, pacing, sync, verify, logs, trace,
                recorded);
    }

    /** This job with one block size for all directions, a multiple of 512. */
    public JobSpec withBs(int bytes) {
        return withBs(BlockSizes.of(bytes));
    }

    /** This job with another queue depth. */
    public JobSpec withIodepth(int value) {
        return withDepth(depth.withIodepth(value));
    }

    /** This job with another number of clones per disk. */
    public JobSpec withNumjobs(int value) {
        return new JobSpec(
                name, access, bs, region, content, depth, value, timing, pacing, sync, verify, logs, trace, recorded);
    }

    /** This job on another part of the disk. */
    public JobSpec withRegion(JobRegion value) {
        return new JobSpec(
                name, access, bs, value, content, depth, numjobs, timing, pacing, sync, verify, logs, trace, recorded);
    }

    /** This job with another duration. */
    public JobSpec withTiming(JobTiming value) {
        return new JobSpec(
                name, access, bs, region, content, depth, numjobs, value, pacing, sync, verify, logs, trace, recorded);
    }

    /** This job running for exactly this time: a runtime and {@code time_based}. */
    public JobSpec withRuntimeNs(long runtimeNs) {
        return withTiming(timing.withRuntime(runtimeNs));
    }

    /** This job with another ramp. */
    public JobSpec withRampTimeNs(long rampTimeNs) {
        return withTiming(timing.withRampTime(rampTimeNs));
    }

    /** This job with other contents of its buffers. */
    public JobSpec withContent(JobContent value) {
        return new JobSpec(
                name, access, bs, region, value, depth, numjobs, timing, pacing, sync, verify, logs, trace, recorded);
    }

    /** This job with other numbers in flight. */
    public JobSpec withDepth(JobDepth value) {
        return new JobSpec(
                name, access, bs, region, content, value, numjobs, timing, pacing, sync, verify, logs, trace, recorded);
    }

    /** This job with another pace. */
    public JobSpec withPacing(JobPacing value) {
        return new JobSpec(
                name, access, bs, region, content, depth, numjobs, timing, value, sync, verify, logs, trace, recorded);
    }

    /** This job with other rules of durability. */
    public JobSpec withSync(JobSync value) {
        return new JobSpec(
                name, access, bs, region, content, depth, numjobs, timing, pacing, value, verify, logs, trace,
                recorded);
    }

    /** This job with other rules of verification. */
    public JobSpec withVerify(JobVerify value) {
        return new JobSpec(
                name, access, bs, region, content, depth, numjobs, timing, pacing, sync, value, logs, trace, recorded);
    }

    /** This job with other logs. */
    public JobSpec withLogs(JobLogs value) {
        return new JobSpec(
                name, access, bs, region, content, depth, numjobs, timing, pacing, sync, verify, value, trace,
                recorded);
    }

    /** This job with another trace. */
    public JobSpec withTrace(JobTrace value) {
        return new JobSpec(
                name, access, bs, region, content, depth, numjobs, timing, pacing, sync, verify, logs, value, recorded);
    }

    /** This job with another access. */
    public JobSpec withAccess(JobAccess value) {
        return new JobSpec(
                name, value, bs, region, content, depth, numjobs, timing, pacing, sync, verify, logs, trace, recorded);
    }
}
