package ringside.harness.stats;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import ringside.harness.results.Compared;
import ringside.harness.results.Metric;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;

/**
 * One peer in one case: medians of its valid runs, and the contender's IOPS in relation to it.
 *
 * @param at values of the other axes, the case
 * @param peer value of the compared axis
 * @param role what it is in this case
 * @param runs valid runs
 * @param medians of metrics by name; one that a peer does not have is missing
 * @param ratio contender / this peer in IOPS, paired by repetition
 */
public record PeerFigures(
        Map<String, String> at, String peer, Role role, int runs, Map<String, Double> medians, Comparison ratio) {
    private static final String IOPS = "iops";
    private static final List<String> METRICS =
            List.of(IOPS, "lat_p50", "lat_p99", "lat_p99_9", "server_cpu_per_io", "client_cpu_per_io");

    /** What a peer is in its case. */
    public enum Role {
        /** The one that the suite asks about. */
        CONTENDER,
        /** Another variant of the contender's program. */
        OWN,
        /** The fastest of the other peers. */
        BEST_PEER,
        /** Another peer. */
        PEER,
        /** fio on the host's file: no device gets under it. */
        FLOOR
    }

    /** Median of a metric, empty where the peer does not have it or no run is valid. */
    public OptionalDouble median(String metric) {
        Double value = medians.get(metric);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** All peers of all cases; cases in the order of the results, the contender first, then by falling IOPS. */
    public static List<PeerFigures> of(List<RunResult> results, Compared compared) {
        Map<Map<String, String>, Map<String, List<RunResult>>> cases = new LinkedHashMap<>();
        for (RunResult run : results) {
            Map<String, String> at = new LinkedHashMap<>(run.axes());
            String peer = at.remove(compared.axis());
            if (peer != null) {
                cases.computeIfAbsent(at, _ -> new LinkedHashMap<>())
                        .computeIfAbsent(peer, _ -> new ArrayList<>())
                        .add(run);
            }
        }
        List<PeerFigures> figures = new ArrayList<>();
        cases.forEach((at, peers) -> figures.addAll(ofCase(at, peers, compared)));
        return List.copyOf(figures);
    }

    private static List<PeerFigures> ofCase(
            Map<String, String> at, Map<String, List<RunResult>> peers, Compared compared) {
        List<RunResult> contender = peers.getOrDefault(compared.contender(), List.of());
        List<PeerFigures> figures = new ArrayList<>();
        peers.forEach((peer, runs) -> {
            List<RunResult> valid =
                    runs.stream().filter(run -> run.status() == RunStatus.OK).toList();
            List<RunResult> both = new ArrayList<>(contender);
            both.addAll(runs);
            Compared pair = new Compared(compared.axis(), peer, compared.contender());
            figures.add(new PeerFigures(
                    at,
                    peer,
                    role(peer, runs.getFirst(), compared),
                    valid.size(),
                    medians(valid),
                    SuiteComparison.of(both, pair, IOPS).overall()));
        });
        figures.sort(Comparator.comparing((PeerFigures one) -> one.role != Role.CONTENDER)
                .thenComparing(one -> -one.median(IOPS).orElse(0)));
        markBest(figures);
        return figures;
    }

    private static Role role(String peer, RunResult run, Compared compared) {
        if (peer.equals(compared.contender())) {
            return Role.CONTENDER;
        }
        if ("fio".equals(run.options().get("target"))) {
            return Role.FLOOR;
        }
        return run.options().getOrDefault("server", "").startsWith("ringside") ? Role.OWN : Role.PEER;
    }

    private static void markBest(List<PeerFigures> sorted) {
        for (int i = 0; i < sorted.size(); i++) {
            PeerFigures one = sorted.get(i);
            if (one.role == Role.PEER && one.runs > 0) {
                sorted.set(i, new PeerFigures(one.at, one.peer, Role.BEST_PEER, one.runs, one.medians, one.ratio));
                return;
            }
        }
    }

    private static Map<String, Double> medians(List<RunResult> valid) {
        Map<String, Double> medians = new LinkedHashMap<>();
        for (String name : METRICS) {
            double[] values = valid.stream()
                    .map(run -> run.metrics().get(name))
                    .filter(metric -> metric != null)
                    .mapToDouble(Metric::value)
                    .toArray();
            if (values.length > 0) {
                medians.put(name, Summary.of(values).median());
            }
        }
        return medians;
    }
}
