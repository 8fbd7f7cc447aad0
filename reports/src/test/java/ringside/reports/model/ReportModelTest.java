package ringside.reports.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import ringside.harness.results.HistogramData;
import ringside.harness.results.RunFolder;
import ringside.harness.stats.Interval;
import ringside.reports.Fixture;

class ReportModelTest {
    private static final Path NOWHERE = Path.of("no-such-folder");

    @Test
    void axesAndValues_keepTheOrderOfTheSuite() {
        Map<String, List<String>> axes = new LinkedHashMap<>();
        axes.put("threading", List.of("iothread", "big-lock"));
        axes.put("bs", List.of("64k", "512", "4k"));

        ReportModel model = ReportModel.of(Fixture.of(axes, 1).folder(NOWHERE));

        assertThat(model.series()).containsExactly("iothread", "big-lock");
        assertThat(model.points()).extracting(Point::label).containsExactly("bs 64k", "bs 512", "bs 4k");
    }

    @Test
    void valuesTheSuiteDoesNotList_areOrderedBySize() {
        assertThat(AxisOrder.of("name: x", List.of(Map.of("bs", "64k"), Map.of("bs", "512"), Map.of("bs", "1M"))))
                .containsExactly(new Axis("bs", List.of("512", "64k", "1M")));
    }

    @Test
    void unreadableSuite_stillGivesAxes() {
        assertThat(AxisOrder.of("axes: [", List.of(Map.of("threading", "iothread"))))
                .containsExactly(new Axis("threading", List.of("iothread")));
    }

    @Test
    void verdict_namesRatioIntervalAndConditionsByDriver() {
        Headline headline = Headline.of(ReportModel.of(Fixture.quick().folder(NOWHERE)));

        assertThat(headline.sentence())
                .matches("iothread is 1\\.\\d\\dx \\[1\\.\\d\\d, 1\\.\\d\\d] the IOPS of big-lock on raw; "
                        + "iothread is 1\\.\\d\\dx \\[1\\.\\d\\d, 1\\.\\d\\d] the IOPS of big-lock on null "
                        + "\\(randread, 4k, depth 32, 2 disks, cache=none\\)\\.");
        assertThat(headline.warnings()).isEmpty();
    }

    @Test
    void runsThatFellBackToThreads_areAnnounced() {
        RunFolder folder = Fixture.of(
                        Map.of("threading", List.of("big-lock", "iothread"), "aio-requested", List.of("io_uring")), 3)
                .folder(NOWHERE);

        assertThat(Headline.of(ReportModel.of(folder)).warnings())
                .containsExactly("In 6 of 6 runs the host refused io_uring, and they ran with aio=threads.");
    }

    @Test
    void fewerThanSixRuns_giveARangeInsteadOfAnInterval() {
        Estimate few = Estimate.of(List.of(1.0, 2.0, 9.0));
        Estimate enough = Estimate.of(List.of(1.0, 2.0, 3.0, 4.0, 5.0, 9.0));

        assertThat(few.intervalName()).isEqualTo("range of runs");
        assertThat(few.interval().low()).isEqualTo(1.0);
        assertThat(few.interval().high()).isEqualTo(9.0);
        assertThat(enough.intervalName()).isEqualTo("95 % interval");
    }

    @Test
    void sizeInBytes_isWrittenAsFioUsersDo() {
        RunFolder folder = Fixture.of(Map.of("threading", List.of("big-lock", "iothread"), "bs", List.of("4096")), 3)
                .folder(NOWHERE);

        assertThat(Headline.of(ReportModel.of(folder)).sentence()).contains("randread, 4k, depth 32");
    }

    @Test
    void suiteWithoutTheComparedPair_comparesNothing() {
        RunFolder folder =
                Fixture.of(Map.of("threading", List.of("main-loop")), 3).folder(NOWHERE);

        assertThat(Headline.of(ReportModel.of(folder)).sentence()).startsWith("Nothing is compared");
    }

    @Test
    void percentiles_comeFromTheMergedHistogram() {
        Distribution merged =
                Distribution.merge(List.of(of(100, 99_000), of(100_000, 1_000))).orElseThrow();

        // The mean of the two medians would be some 50,000, the median of all requests is 100.
        assertThat(merged.count()).isEqualTo(100_000);
        assertThat(merged.percentileNs(50).orElseThrow()).isEqualTo(100);
        assertThat(merged.percentileNs(99.9).orElseThrow()).isBetween(99_900L, 100_100L);
    }

    @Test
    void percentileWithFewerThanTenValuesBeyond_isNotShown() {
        Distribution enough = Distribution.merge(List.of(of(100, 100_000))).orElseThrow();
        Distribution fewer = Distribution.merge(List.of(of(100, 90_000))).orElseThrow();

        assertThat(enough.percentileNs(99.99)).isPresent();
        assertThat(fewer.percentileNs(99.99)).isEmpty();
    }

    @Test
    void histogramThatWasNotKept_isNotGuessed() {
        HistogramData bare = new HistogramData("ns", 5, 1, 9, 5, 1, Map.of("50.0", 5L), "");

        assertThat(Distribution.merge(List.of(bare, bare))).isEmpty();
    }

    @Test
    void numbers_areCutToTheirPrecision() {
        Estimate rough = new Estimate(147_213, new Interval(132_000, 162_000), List.of(1.0, 2.0));

        assertThat(Numbers.si(147_213, 4)).isEqualTo("147.2 k");
        assertThat(Numbers.si(999_960, 4)).isEqualTo("1.000 M");
        assertThat(Numbers.si(rough)).isEqualTo("147 k");
        assertThat(Numbers.duration(1_800_000)).isEqualTo("1.80 ms");
        assertThat(Numbers.percent(0.0004)).isEqualTo("under 0.1 %");
        assertThat(Numbers.percent(0)).isEqualTo("0 %");
    }

    private static HistogramData of(long value, long count) {
        Histogram histogram = new Histogram(1, 60_000_000_000L, 3);
        histogram.recordValueWithCount(value, count);
        return new HistogramData("ns", count, value, value, value, 0, Map.of(), Fixture.encode(histogram));
    }
}
