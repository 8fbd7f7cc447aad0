package ringside.harness.micro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.harness.HarnessException;
import ringside.harness.results.Metric;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;
import ringside.harness.stats.Change;
import ringside.harness.stats.Criteria;
import ringside.harness.stats.FolderComparison;

class MicroFolderTest {
    /** As JMH 1.37 writes it, without what is not read. */
    private static final String BENCHMARK = """
            {"jmhVersion": "1.37", "benchmark": "ringside.emulator.a.LoopBenchmark.pass", "mode": "%s", "threads": 1,
             "forks": 3, "jvm": "/java", "jvmArgs": ["-Xmx512m"], "jdkVersion": "25", "vmName": "OpenJDK", "vmVersion": "25+9",
             "warmupIterations": 1, "warmupTime": "1 s", "warmupBatchSize": 1,
             "measurementIterations": 2, "measurementTime": "200 ms", "measurementBatchSize": 1,
             "params": {"tasks": "2", "kind": "a/b"},
             "primaryMetric": {"score": 1, "scoreError": "NaN", "scoreUnit": "%s", %s},
             "secondaryMetrics": {"gc.alloc.rate.norm": {"score": 0, "scoreUnit": "B/op", "rawData": [[1, 3], [4, 4], ["NaN", 8]]}}}
            """;

    @TempDir
    private Path folder;

    private RunFolder imported(String name, String mode, String unit, String data) throws IOException {
        Path json =
                Files.writeString(folder.resolve(name + ".json"), "[" + BENCHMARK.formatted(mode, unit, data) + "]");
        return MicroFolder.imported(json, folder.resolve(name), List.of("micro"));
    }

    @Test
    void eachFork_isARunOfItsBenchmarksCell() throws IOException {
        RunFolder kept = imported("a", "avgt", "ns/op", "\"rawData\": [[10, 12], [13, 13], [9, 11]]");

        assertThat(kept.results()).hasSize(3);
        RunResult first = kept.results().getFirst();
        assertThat(first.cell()).isEqualTo("LoopBenchmark.pass_avgt_kind=a-b_tasks=2");
        assertThat(first.axes())
                .containsEntry("benchmark", "LoopBenchmark.pass")
                .containsEntry("tasks", "2");
        assertThat(first.metrics().get("score")).isEqualTo(new Metric(11, "ns/op", Metric.Better.LOWER));
        assertThat(first.metrics().get("gc.alloc.rate.norm").value()).isEqualTo(2);
        assertThat(kept.results().getLast().metrics().get("gc.alloc.rate.norm").value())
                .isEqualTo(8);
        assertThat(first.series().getFirst().values()).containsExactly(10.0, 12.0);
        assertThat(first.series().getFirst().intervalNs()).isEqualTo(200_000_000);
        assertThat(first.provenance().jvmFlags()).containsExactly("-Xmx512m");
        assertThat(folder.resolve("a/jmh.json")).exists();
    }

    @Test
    void sampleMode_hasMeanAndPercentilesOfItsHistogram() throws IOException {
        RunFolder kept =
                imported("s", "sample", "us/op", "\"rawDataHistogram\": [[[[1.0, 98], [5.0, 1]], [[9.0, 1]]]]");

        RunResult run = kept.results().getFirst();
        assertThat(run.metrics().get("score_p50").value()).isEqualTo(1);
        assertThat(run.metrics().get("score_p99").value()).isEqualTo(5);
        assertThat(run.metrics().get("score_p99_9").value()).isEqualTo(9);
        assertThat(run.series().getFirst().values().getLast()).isEqualTo(9);
    }

    @Test
    void compare_takesThroughputForBetterWhenHigher() throws IOException {
        RunFolder before = imported("t1", "thrpt", "ops/s", "\"rawData\": [[100, 100], [101, 101], [102, 102]]");
        RunFolder after = imported("t2", "thrpt", "ops/s", "\"rawData\": [[150, 150], [151, 151], [152, 152]]");

        FolderComparison comparison = FolderComparison.of(before, after, "score", new Criteria(0.03, 0.01, 0.05));

        assertThat(comparison.cells().getFirst().change()).isEqualTo(Change.IMPROVED);
        assertThat(comparison.differences()).isEmpty();
    }

    @Test
    void otherFile_isRefusedInOneLine() throws IOException {
        Path json = Files.writeString(folder.resolve("x.json"), "{\"jobs\": []}");
        Path lacking = Files.writeString(folder.resolve("y.json"), "[{\"benchmark\": \"a.B.c\"}]");

        assertThatThrownBy(() -> MicroFolder.imported(json, folder.resolve("x"), List.of()))
                .isInstanceOf(HarnessException.class)
                .hasMessage(json + ": not a result of JMH in JSON (-rf json): it holds no benchmark");
        assertThatThrownBy(() -> MicroFolder.imported(lacking, folder.resolve("y"), List.of()))
                .hasMessage(lacking + ": not a result of JMH in JSON (-rf json): it has no jmhVersion");
    }

    @Test
    void distribution_hasNoBenchmarks() {
        assertThatThrownBy(() -> new BenchScript(folder))
                .isInstanceOf(HarnessException.class)
                .hasMessageContaining("is no checkout");
    }
}
