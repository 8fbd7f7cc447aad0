package ringside.workloads.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.workloads.conformance.bench.DeviceSource;
import ringside.workloads.conformance.bench.RingKind;
import ringside.workloads.conformance.spec.Clause;
import ringside.workloads.conformance.spec.Verdict;
import ringside.workloads.conformance.target.OwnExports;
import ringside.workloads.conformance.target.OwnMachines;

class OwnDevicesTest {
    /** A server tells its log of every hostile front-end; held here, or the level would be forgotten. */
    private static final Logger LOG = Logger.getLogger("ringside.vhostuser");

    @TempDir
    private Path folder;

    @BeforeAll
    static void silence() {
        LOG.setLevel(Level.OFF);
    }

    @Test
    void mmioDevice_conforms() {
        ConformanceReport report = assertConforms(OwnMachines.mmio(folder));
        assertThat(report.count(Clause.Level.MUST)).isEqualTo(new ConformanceReport.Count(56, 56, 56));
        assertThat(report.count(Clause.Level.SHOULD)).isEqualTo(new ConformanceReport.Count(13, 13, 13));
    }

    @Test
    void pciDevice_conforms() {
        assertConforms(OwnMachines.pci(folder));
    }

    @Test
    void vhostUserServer_conforms() {
        assertConforms(new OwnExports(folder));
    }

    private static ConformanceReport assertConforms(DeviceSource source) {
        try (ConformanceSuite suite = new ConformanceSuite(source)) {
            ConformanceReport report = suite.run(List.of(RingKind.values()), Set.of(), result -> {});
            assertThat(report.results().stream().filter(r -> r.verdict() != Verdict.SKIP))
                    .isNotEmpty();
            assertThat(report.results().stream()
                            .filter(r -> r.verdict() == Verdict.FAIL || r.verdict() == Verdict.DEVIATES)
                            .map(OwnDevicesTest::describe))
                    .as(report.summary())
                    .isEmpty();
            return report;
        }
    }

    private static String describe(TestResult result) {
        return "%s %s (%s, %s): %s"
                .formatted(result.verdict(), result.clauses(), result.name(), result.ring(), result.evidence());
    }
}
