package ringside.harness.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import ringside.workloads.job.JobSpec;
import ringside.workloads.job.ReadWrite;

class FioCommandTest {
    private static final JobSpec JOB = JobSpec.defaults("job")
            .withRw(ReadWrite.RANDREAD)
            .withIodepth(8)
            .withRuntimeNs(1_500_000_000L)
            .withRampTimeNs(200_000_000L);

    @Test
    void job_becomesFiosOptions() {
        assertThat(words("io_uring", false, "0,1"))
                .contains(
                        "--readonly",
                        "--ioengine=io_uring",
                        "--rw=randread",
                        "--bs=4096",
                        "--iodepth=8",
                        "--numjobs=1",
                        "--direct=1",
                        "--runtime=1500000us",
                        "--time_based=1",
                        "--ramp_time=200000us",
                        "--filename=/images/a\\:b",
                        "--cpus_allowed=0,1");
    }

    @Test
    void threads_areOneSynchronousThreadPerRequest() {
        assertThat(words("threads", false, "any"))
                .contains("--ioengine=psync", "--iodepth=1", "--numjobs=8")
                .noneMatch(word -> word.startsWith("--cpus_allowed"));
    }

    @Test
    void shapeOfTheJob_reachesFio() {
        JobSpec job = JOB.withAccess(JOB.access()
                .withNorandommap(true)
                .withDistribution(new ringside.workloads.job.RandomDistribution.Zipf(1.2, 0.5)));

        assertThat(new FioCommand(List.of(job), Path.of("/x"), "native", true, true, 1, "any").words(Path.of("/out")))
                .contains("--random_distribution=zipf:1.2:0.5", "--norandommap=1");
    }

    @Test
    void writer_mayWrite() {
        assertThat(words("native", true, "any")).contains("--ioengine=libaio").doesNotContain("--readonly");
    }

    private static List<String> words(String aio, boolean writable, String cpus) {
        return new FioCommand(List.of(JOB), Path.of("/images/a:b"), aio, true, writable, 1, cpus)
                .words(Path.of("/out.json"));
    }
}
