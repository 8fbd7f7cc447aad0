package ringside.workloads.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.workloads.job.BytePattern;
import ringside.workloads.job.JobLogs;
import ringside.workloads.job.JobSpec;
import ringside.workloads.job.JobVerify;
import ringside.workloads.job.ReadWrite;
import ringside.workloads.job.VerifyMethod;
import ringside.workloads.target.NullTargets;

class AllocationFreeTest {
    private static final long MS = 1_000_000L;

    @ParameterizedTest
    @EnumSource(
            value = ReadWrite.class,
            names = {"RANDREAD", "RANDRW", "WRITE"})
    void loadThread_allocatesNothingPerRequest(ReadWrite rw) {
        assertAllocatesNothing(JobSpec.defaults("x").withRw(rw));
    }

    @ParameterizedTest
    @EnumSource(
            value = VerifyMethod.class,
            names = {"CRC32C", "CRC32", "CRC64", "XXHASH", "MD5"})
    void writesThatCanBeChecked_allocateNothingPerRequest(VerifyMethod method) {
        JobVerify verify = JobVerify.of(method, false);
        assertAllocatesNothing(JobSpec.defaults("x").withRw(ReadWrite.WRITE).withVerify(verify));
    }

    @Test
    void logsOfRequestsAndHistograms_allocateNothingPerRequest(@TempDir Path folder) {
        Map<JobLogs.Kind, Path> all = new EnumMap<>(JobLogs.Kind.class);
        for (JobLogs.Kind kind : JobLogs.Kind.values()) {
            all.put(kind, folder.resolve("x"));
        }
        JobSpec job = JobSpec.defaults("x").withRw(ReadWrite.RANDRW);
        assertAllocatesNothing(job.withLogs(new JobLogs(all, 10, false, false, 10, 0, false, true)));
        assertAllocatesNothing(job.withLogs(
                new JobLogs(Map.of(JobLogs.Kind.LAT, folder.resolve("x")), 0, false, true, 0, 0, false, true)));
    }

    @Test
    void backlog_allocatesNothingPerRequest() {
        JobVerify verify = new JobVerify(
                VerifyMethod.CRC32C, true, false, false, 0, 0, true, 64, 0, JobVerify.NO_DUMP, BytePattern.NONE);
        assertAllocatesNothing(JobSpec.defaults("x").withRw(ReadWrite.RANDRW).withVerify(verify));
    }

    private static void assertAllocatesNothing(JobSpec shape) {
        JobSpec job = shape.withIodepth(32).withRampTimeNs(500 * MS).withRuntimeNs(500 * MS);
        try (NullTargets targets = new NullTargets(1, 1, 1 << 30, 256)) {
            JobOutcome outcome = new JobRunner()
                    .run(
                            new RunPlan(List.of(job), 1, CompletionMode.POLL, 0, RunOptions.DEFAULT),
                            targets,
                            RunListener.NONE);

            assertThat(outcome.ios()).isGreaterThan(1_000);
            // The smallest object has 16 bytes, so even one per batch of 32 requests would show as 0.5. What a late
            // compilation on a busy host allocates once stays far below.
            assertThat((double) outcome.threads().getFirst().allocatedBytes() / outcome.ios())
                    .as("bytes per request")
                    .isLessThan(0.25);
        }
    }
}
