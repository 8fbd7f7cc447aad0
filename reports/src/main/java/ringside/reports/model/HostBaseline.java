package ringside.reports.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ringside.harness.results.Compared;
import ringside.harness.results.PlannedRun;
import ringside.harness.results.RunResult;
import ringside.harness.stats.Comparison;
import ringside.harness.stats.SuiteComparison;

/**
 * How much of the host's own IOPS a configuration reaches. The host's are those of fio on the host's file (suites:
 * {@code target: fio}), at the same point, under the same load.
 *
 * @param cell the configuration
 * @param host the cell of fio; of several the one with the largest median
 * @param share IOPS of the configuration / IOPS of the host, run by run, as the harness compares
 */
public record HostBaseline(Cell cell, Cell host, Comparison share) {
    private static final String IOPS = "iops";
    private static final String TARGET = "target";
    private static final String FIO = "fio";

    /** What has to be the same; anything else of the load is equal within a suite or an axis. */
    private static final List<String> LOAD = List.of("rw", "bs", "iodepth", "numjobs", "rwmixread", "size");

    /** All that have a host baseline and pairs of valid runs, in order of the cells. */
    public static List<HostBaseline> of(ReportModel model) {
        List<Cell> hosts = model.cells().stream().filter(HostBaseline::isHost).toList();
        List<HostBaseline> found = new ArrayList<>();
        for (Cell cell : model.cells()) {
            if (isHost(cell) || cell.estimate(IOPS).isEmpty()) {
                continue;
            }
            Optional<Cell> best = Optional.empty();
            for (Cell host : hosts) {
                if (isBaseline(model, host, cell)
                        && best.map(HostBaseline::iops).orElse(0.0) < iops(host)) {
                    best = Optional.of(host);
                }
            }
            best.map(host -> new HostBaseline(cell, host, share(cell, host)))
                    .filter(baseline -> baseline.share().pairs() > 0)
                    .ifPresent(found::add);
        }
        return List.copyOf(found);
    }

    private static boolean isHost(Cell cell) {
        return cell.estimate(IOPS).isPresent()
                && FIO.equals(cell.valid().getFirst().options().get(TARGET));
    }

    private static double iops(Cell cell) {
        return cell.estimate(IOPS).orElseThrow().median();
    }

    /** In one axis they differ, which says what runs; an axis that fio's cell does without means nothing to it. */
    private static boolean isBaseline(ReportModel model, Cell host, Cell cell) {
        long apart = model.axes().stream()
                .map(Axis::name)
                .filter(name -> host.axes().containsKey(name))
                .filter(name -> !host.axes().get(name).equals(cell.axes().get(name)))
                .count();
        Map<String, String> ofHost = host.valid().getFirst().options();
        Map<String, String> ofCell = cell.valid().getFirst().options();
        boolean sameLoad =
                LOAD.stream().allMatch(name -> ofHost.getOrDefault(name, "").equals(ofCell.getOrDefault(name, "")));
        // fio has one file: the same depth on each of several disks would be another load.
        return apart == 1 && sameLoad && ofCell.getOrDefault("disks", "1").equals("1");
    }

    /** By the harness, under names of its own, because the two cells may not have the same axes. */
    private static Comparison share(Cell cell, Cell host) {
        List<RunResult> runs = new ArrayList<>(named(host, "host"));
        runs.addAll(named(cell, "cell"));
        return SuiteComparison.of(runs, new Compared(TARGET, "host", "cell"), IOPS)
                .overall();
    }

    private static List<RunResult> named(Cell cell, String name) {
        return cell.runs().stream()
                .map(run -> run.as(
                        new PlannedRun(
                                run.order(),
                                name,
                                run.repetition(),
                                run.seed(),
                                new LinkedHashMap<>(Map.of(TARGET, name))),
                        run.suite()))
                .toList();
    }
}
