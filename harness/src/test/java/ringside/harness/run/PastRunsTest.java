package ringside.harness.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.harness.results.Metric;
import ringside.harness.results.Plan;
import ringside.harness.results.PlannedRun;
import ringside.harness.results.ResultStore;
import ringside.harness.results.Results;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;

class PastRunsTest {
    private static final Map<String, String> HOST = Map.of("cpu", "a", "cores", "2");

    private static final long LOAD_NS = 3_500_000_000L;

    @TempDir
    Path parent;

    @Test
    void runsWithoutAPlannedTime_areAllThatIsNotPlanned() {
        folder("a", List.of("2026-01-01T00:00:00Z", "2026-01-01T00:00:05Z"), HOST);

        assertThat(PastRuns.in(parent, "test", false, HOST).orElseThrow().overheadNs())
                .isEqualTo(5_000_000_000L);
    }

    @Test
    void runsOneAfterTheOther_tellWhatTheirLoadDidNotTake() {
        folder("a", List.of("2026-01-01T00:00:00Z", "2026-01-01T00:00:05Z", "2026-01-01T00:00:11Z"), HOST);

        PastRuns past = PastRuns.in(parent, "test", true, HOST).orElseThrow();

        assertThat(past).isEqualTo(new PastRuns(6_000_000_000L - LOAD_NS, 2, 1));
    }

    @Test
    void aNightBetweenTwoRuns_doesNotCount() {
        folder(
                "a",
                List.of("2026-01-01T00:00:00Z", "2026-01-01T00:00:05Z", "2026-01-01T00:00:10Z", "2026-01-02T00:00:10Z"),
                HOST);

        assertThat(PastRuns.in(parent, "test", true, HOST).orElseThrow().overheadNs())
                .isEqualTo(5_000_000_000L - LOAD_NS);
    }

    @Test
    void otherSuitesAndHosts_tellNothing() {
        folder("a", List.of("2026-01-01T00:00:00Z", "2026-01-01T00:00:05Z"), Map.of("cpu", "b", "cores", "2"));

        assertThat(PastRuns.in(parent, "test", true, HOST)).isEmpty();
        assertThat(PastRuns.in(parent, "other", true, HOST)).isEmpty();
        assertThat(PastRuns.in(parent.resolve("nowhere"), "test", true, HOST)).isEmpty();
    }

    private void folder(String name, List<String> startedAt, Map<String, String> host) {
        Plan plan = Results.plan(1, startedAt.size());
        List<PlannedRun> runs = plan.runs();
        try (ResultStore store = ResultStore.create(parent.resolve(name), "name: test", plan)) {
            for (int i = 0; i < runs.size(); i++) {
                RunResult result = Results.result(
                        runs.get(i),
                        RunStatus.OK,
                        Map.of("ramp_time", "500000000ns"),
                        Map.of("runtime", new Metric(3e9, "ns", Metric.Better.NEITHER)));
                store.add(runs.get(i), Results.startedAt(result, startedAt.get(i), host));
            }
        }
    }
}
