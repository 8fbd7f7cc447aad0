package ringside.harness.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.machine.MachineSpec;
import ringside.emulator.machine.TransportSpec;
import ringside.harness.HarnessException;
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
        return (BlockNodeSpec.Raw)
                machine("threading: " + threading).disks().getFirst().node();
    }

    private static MachineSpec machine(String options) {
        Map<String, String> effective = effective(options);
        return MachineFactory.spec(effective, JobSource.of(effective, "", false), List.of("/d"), false);
    }

    private static Map<String, String> effective(String options) {
        SuiteSpec suite =
                SuiteFile.parse("machine: {" + options + "}\ndisk: {aio-fallback: on}\njob: {rw: read}\n", "s.yaml");
        return Cells.of(suite).getFirst().options();
    }

    @Test
    void transport_isMmioUnlessASuiteSaysPci() {
        assertThat(machine("threading: big-lock").transport()).isEqualTo(TransportSpec.MMIO);
        assertThat(machine("transport: pci").transport()).isEqualTo(TransportSpec.PCI);
        assertThat(machine("transport: pci, vectors: 0").transport().vectors()).isZero();
    }

    @Test
    void vectorsWithoutPci_areRefusedInOneLine() {
        assertThatThrownBy(() -> machine("vectors: 2"))
                .isInstanceOf(HarnessException.class)
                .hasMessage("vectors=2 is of MSI-X: set transport to pci, or vectors to auto");
        assertThatThrownBy(() -> machine("transport: pci, vectors: 5000")).hasMessageContaining("0..2048");
        assertThatThrownBy(() -> machine("transport: isa")).hasMessageContaining("use mmio or pci");
    }

    @Test
    void vectors_areNoOptionOfAResultWithMmio() {
        assertThat(TargetRules.absent(effective("transport: mmio"))).contains("vectors");
        assertThat(TargetRules.absent(effective("transport: pci"))).doesNotContain("vectors", "transport");
    }
}
