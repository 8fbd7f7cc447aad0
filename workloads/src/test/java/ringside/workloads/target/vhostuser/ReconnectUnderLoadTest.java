package ringside.workloads.target.vhostuser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ringside.workloads.job.JobSpec;
import ringside.workloads.job.ReadWrite;
import ringside.workloads.runner.CompletionMode;
import ringside.workloads.runner.JobOutcome;
import ringside.workloads.runner.JobRunner;
import ringside.workloads.runner.Phase;
import ringside.workloads.runner.RunListener;
import ringside.workloads.runner.RunOptions;
import ringside.workloads.runner.RunPlan;
import ringside.workloads.runner.RunProgress;
import ringside.workloads.verify.StampVerifier;

/**
 * The server is killed under load and another one takes its place, several times. A request that got lost would never
 * come back and end the run; one that was carried out twice would come back twice, or write a buffer's next content.
 */
@Timeout(120)
class ReconnectUnderLoadTest {
    private static final int IMAGE_BYTES = 8 << 20;
    private static final int WRITE_BYTES = 128 << 10;
    private static final int READ_BYTES = 4096;
    private static final int KILLS = 3;

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0} queues, {1}, event-idx={2} indirect={3} packed={4}")
    @CsvSource({
        "1, POLL, true, true, false",
        "2, INTERRUPT, true, true, false",
        "2, INTERRUPT, false, false, false",
        "1, POLL, true, true, true",
        "2, INTERRUPT, true, true, true",
        "2, INTERRUPT, false, false, true"
    })
    void killedServer_losesAndRepeatsNothing(
            int queues, CompletionMode completion, boolean eventIdx, boolean indirect, boolean packed)
            throws IOException {
        Path image = image();
        // Long writes among short reads come back out of order, so that a server which just begins again where the used
        // ring ends takes the wrong requests.
        JobSpec writer = JobSpec.defaults("writer")
                .withRw(ReadWrite.RANDWRITE)
                .withBs(WRITE_BYTES)
                .withIodepth(8)
                .withNumjobs(2)
                .withRuntimeNs(TimeUnit.SECONDS.toNanos(60));
        JobSpec reader = writer.withName("reader").withRw(ReadWrite.RANDREAD).withBs(READ_BYTES);
        JobOutcome outcome;
        Killer killer;
        try (ExportProcess server =
                        new ExportProcess(folder, image, queues).start().awaitSocket();
                VhostUserTargets targets = VhostUserTargets.connect(spec(server, queues, eventIdx, indirect, packed))) {
            JobRunner runner = new JobRunner();
            killer = new Killer(server, runner);
            outcome = runner.run(
                    new RunPlan(List.of(writer, reader), queues, completion, 0, RunOptions.DEFAULT), targets, killer);
        }

        assertThat(killer.kills).isEqualTo(KILLS);
        assertThat(outcome.errors()).isZero();
        assertThat(new StampVerifier().verify(image, 0, IMAGE_BYTES).firstProblem())
                .isEmpty();
    }

    private Path image() throws IOException {
        Path image = folder.resolve("image.raw");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(IMAGE_BYTES);
        }
        return image;
    }

    private static VhostUserTargetSpec spec(
            ExportProcess server, int queues, boolean eventIdx, boolean indirect, boolean packed) {
        long patienceNs = TimeUnit.SECONDS.toNanos(20);
        return new VhostUserTargetSpec(
                server.socket(),
                queues,
                packed ? 100 : 128,
                eventIdx,
                indirect,
                packed,
                false,
                true,
                16 << 20,
                false,
                0,
                0,
                new VhostUserTargetSpec.Timeouts(patienceNs, patienceNs, patienceNs));
    }

    /** Kills the server whenever some requests have come back since the last time, and ends the run after the last. */
    private static final class Killer implements RunListener {
        private static final long REQUESTS_BETWEEN = 500;

        private final ExportProcess server;
        private final JobRunner runner;
        private int kills;
        private long iosAtLastKill;

        Killer(ExportProcess server, JobRunner runner) {
            this.server = server;
            this.runner = runner;
        }

        @Override
        public void progress(RunProgress progress) {
            boolean due = progress.phase() == Phase.MEASURE && progress.ios() > iosAtLastKill + REQUESTS_BETWEEN;
            if (due && kills == KILLS) {
                runner.requestStop();
            } else if (due) {
                kills++;
                iosAtLastKill = progress.ios();
                server.kill();
                server.start();
            }
        }
    }
}
