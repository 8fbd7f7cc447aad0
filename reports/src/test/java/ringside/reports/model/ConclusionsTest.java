package ringside.reports.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import ringside.harness.results.HistogramData;
import ringside.harness.results.RunStatus;
import ringside.harness.stats.Verdict;
import ringside.reports.Fixture;

class ConclusionsTest {
    private static final Path NOWHERE = Path.of("nowhere");

    @Test
    void clearDifferences_areConcludedWithTheirFigures() {
        ReportModel model = ReportModel.of(disks().folder(NOWHERE));

        List<String> sentences =
                Conclusions.of(model).stream().map(Conclusion::sentence).toList();

        long faster = Comparisons.asked(model).values().stream()
                .filter(comparison -> comparison.verdict() == Verdict.FASTER)
                .count();
        assertThat(faster).isPositive();
        assertThat(sentences)
                .anyMatch(text -> text.startsWith("iothread is faster than big-lock at " + faster + " of 3 points"))
                .anyMatch(text -> text.startsWith("The highest IOPS were") && text.contains("iothread · disks 8"))
                .anyMatch(text -> text.startsWith("From disks 1 to 8"))
                .anyMatch(text -> text.startsWith("The big lock is a cost"));
        assertThat(Conclusions.of(model))
                .noneMatch(conclusion -> conclusion.rule().isBlank());
    }

    @Test
    void pointsAsked_followTheOrderOfTheAxes() {
        ReportModel model = ReportModel.of(disks().folder(NOWHERE));

        assertThat(Comparisons.asked(model).keySet()).containsExactlyElementsOf(model.points());
    }

    @Test
    void noValidRun_concludesNothing() {
        ReportModel model = ReportModel.of(disks().changed(run -> Fixture.with(run, RunStatus.FAILED, "made up"))
                .folder(NOWHERE));

        assertThat(Conclusions.of(model)).isEmpty();
    }

    @Test
    void mergedPercentiles_equalThoseOfTheHistogram() {
        Histogram a = new Histogram(1, 60_000_000_000L, 3);
        Histogram b = new Histogram(1, 60_000_000_000L, 3);
        for (int i = 1; i <= 20_000; i++) {
            a.recordValue(i * 37L % 1_000_003);
            b.recordValue(5_000_000 + i * 911L % 77_777_777);
        }
        Distribution merged = Distribution.merge(List.of(data(a), data(b))).orElseThrow();
        a.add(b);

        for (double percentile : List.of(0.0, 10.0, 50.0, 90.0, 99.0, 99.9, 99.97)) {
            assertThat(merged.percentileNs(percentile))
                    .as("p%s", percentile)
                    .hasValue(a.getValueAtPercentile(percentile));
        }
        assertThat(merged.shares().stream()
                        .mapToDouble(Distribution.Share::share)
                        .sum())
                .isBetween(1 - 1e-9, 1 + 1e-9);
    }

    private static HistogramData data(Histogram histogram) {
        return new HistogramData(
                "ns",
                histogram.getTotalCount(),
                histogram.getMinValue(),
                histogram.getMaxValue(),
                histogram.getMean(),
                histogram.getStdDeviation(),
                Map.of(),
                Fixture.encode(histogram));
    }

    private static Fixture disks() {
        Map<String, List<String>> axes = new LinkedHashMap<>();
        axes.put("threading", List.of("big-lock", "iothread"));
        axes.put("disks", List.of("1", "4", "8"));
        return Fixture.of(axes, 6);
    }
}
