package ringside.harness.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import ringside.harness.results.Series;

class HostTimelineTest {
    private static final long MS = 1_000_000;

    @Test
    void readingsAtUnevenTimes_keepTheirRatesOnTheEvenGrid() {
        // One CPU from 0 to 300 ms, none until 600 ms, two until the end; read late each time.
        HostTimeline timeline = new HostTimeline(
                List.of(sample(0, 0), sample(300, 300), sample(600, 300), sample(650, 400), sample(1000, 1100)));

        assertThat(series(timeline, "host_other_cpus").values()).containsExactly(1.0, 0.5, 0.0, 2.0, 2.0);
        assertThat(series(timeline, "cpu.vcpu0").values()).containsExactly(1.0, 0.5, 0.0, 2.0, 2.0);
        assertThat(timeline.metrics().get("host_other_cpus").value()).isEqualTo(1.1);
        assertThat(timeline.metrics().get("psi_cpu").value()).isEqualTo(1.1);
    }

    @Test
    void lastPartOfAnInterval_isLeftOut() {
        HostTimeline timeline = new HostTimeline(List.of(sample(0, 0), sample(399, 399)));

        assertThat(series(timeline, "psi_io").values()).containsExactly(0.0);
    }

    @Test
    void longRun_hasAWiderGrid() {
        HostTimeline timeline = new HostTimeline(List.of(sample(0, 0), sample(3_600_000, 1000)));

        assertThat(series(timeline, "psi_cpu").values()).hasSizeBetween(500, 1000);
    }

    @Test
    void hostWithoutCounters_hasNoSuchSeries() {
        HostSample first = new HostSample(0, Optional.empty(), Optional.empty(), 0, 0, 0, Map.of());
        HostSample last = new HostSample(400 * MS, Optional.empty(), Optional.empty(), 9, 0, 800, Map.of());

        assertThat(new HostTimeline(List.of(first, last)).series())
                .singleElement()
                .satisfies(series -> assertThat(series.name()).isEqualTo("allocation"))
                .satisfies(series -> assertThat(series.values()).containsExactly(2000.0, 2000.0));
    }

    @Test
    void statFile_isReadAsProcDescribesIt() {
        HostStat stat = HostStat.parse("cpu  10 1 20 900 50 2 3 7 0 0\ncpu0 1 2 3 4\nctxt 9\nprocs_running 5\n")
                .orElseThrow();

        assertThat(stat).isEqualTo(new HostStat(360 * MS, 70 * MS, 5));
        assertThat(HostStat.parse("cpu 1 2")).isEmpty();
    }

    @Test
    void pressureFile_givesItsTotalInNanoseconds() {
        String text =
                "some avg10=0.00 avg60=1.20 avg300=0.08 total=1437\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=3\n";

        assertThat(Pressure.some(text)).contains(1_437_000L);
        assertThat(Pressure.some("")).isEmpty();
    }

    private static HostSample sample(long atMs, long usedMs) {
        return new HostSample(
                atMs * MS,
                Optional.of(new HostStat(usedMs * MS, 0, 1)),
                Optional.of(new Pressure(usedMs * MS, 0, 0)),
                0,
                0,
                0,
                Map.of("vcpu0", usedMs * MS));
    }

    private static Series series(HostTimeline timeline, String name) {
        return timeline.series().stream()
                .filter(series -> series.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
