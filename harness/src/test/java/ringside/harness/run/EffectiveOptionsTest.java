package ringside.harness.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import ringside.emulator.block.BlockNodeSpec;
import ringside.harness.results.Plan;
import ringside.harness.suite.SuiteFile;
import ringside.harness.suite.SuiteSpec;
import ringside.harness.sweep.Cells;

class EffectiveOptionsTest {
    @Test
    void fallback_isTheEngineOfTheResultBesideTheOneAskedFor() {
        Map<String, String> options = new HashMap<>(Map.of("aio", "io_uring"));

        ResultBuilder.effectiveAio(
                options, List.of("driver=raw,file=/d,aio=x.raw,cache=none,aio=threads,read-only=on,discard=unmap"));

        assertThat(options).containsEntry("aio", "threads").containsEntry("aio-requested", "io_uring");
    }

    @Test
    void engineAsAskedFor_isNamedOnce() {
        Map<String, String> options = new HashMap<>(Map.of("aio", "io_uring"));

        ResultBuilder.effectiveAio(
                options, List.of("driver=raw,file=/d,cache=none,aio=io_uring,read-only=on,discard=unmap"));

        assertThat(options).isEqualTo(Map.of("aio", "io_uring"));
    }

    @Test
    void dataPlane_neverFallsBackToThreads() {
        assertThat(raw("data-plane-1.4").aioFallback()).isFalse();
        assertThat(raw("iothread").aioFallback()).isTrue();
    }

    @Test
    void elevenImages_keepTheirOrderInAResumedFolder() {
        List<Path> images =
                IntStream.range(0, 12).mapToObj(i -> Path.of("/d" + i)).toList();
        SuiteSpec suite = SuiteFile.load("quick");
        Map<String, String> settings = new RunRequest("quick", suite, images, List.of(), false, List.of()).settings();
        Plan plan = new Plan(1, "quick", "", 1, 1, "", List.of(), settings, suite.compare(), List.of());

        assertThat(RunRequest.of(plan, suite).images()).isEqualTo(images);
    }

    private static BlockNodeSpec.Raw raw(String threading) {
        SuiteSpec suite = SuiteFile.parse(
                "machine: {threading: " + threading + "}\ndisk: {aio-fallback: on}\njob: {rw: read}\n", "s.yaml");
        Map<String, String> options = Cells.of(suite).getFirst().options();
        return (BlockNodeSpec.Raw) MachineFactory.spec(options, JobSource.of(options, "", false), List.of("/d"), false)
                .disks()
                .getFirst()
                .node();
    }
}
