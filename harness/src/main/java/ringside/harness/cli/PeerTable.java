package ringside.harness.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import ringside.harness.results.Compared;
import ringside.harness.results.RunResult;
import ringside.harness.stats.Comparison;
import ringside.harness.stats.PeerFigures;
import ringside.harness.stats.Verdict;

/** What a suite of peers found, one block per case. */
final class PeerTable {
    private static final String FORMAT = "  %-24s %9s  %-22s %9s %9s %9s %10s %10s  %s%n";

    /** In CPUs. What the kernel does for a run, such as interrupts of the disk, is counted as somebody else's. */
    private static final double MUCH_OTHER_LOAD = 0.1;

    private PeerTable() {}

    static void print(PrintWriter out, List<RunResult> results, Compared compared) {
        Map<String, String> current = null;
        for (PeerFigures peer : PeerFigures.of(results, compared)) {
            if (!peer.at().equals(current)) {
                current = peer.at();
                out.println();
                out.println(current.isEmpty() ? "all cells" : String.join(" ", current.values()));
                out.printf(
                        FORMAT,
                        compared.axis(),
                        "IOPS",
                        compared.contender() + " / it",
                        "p50",
                        "p99",
                        "p99.9",
                        "server CPU",
                        "client CPU",
                        "");
            }
            row(out, peer);
        }
        out.println();
        out.println("IOPS and latency: medians of the valid runs. Ratio of IOPS with its 95 % interval, paired by"
                + " repetition. CPU time per request.");
        long busy = results.stream().filter(PeerTable::disturbed).count();
        if (busy > 0) {
            out.println("In " + busy + " of " + results.size()
                    + " runs other processes used more than a tenth of a CPU: repeat this on a quiet host.");
        }
    }

    private static boolean disturbed(RunResult run) {
        return Stream.of("host_other_cpus", "host_stolen_cpus")
                .map(run.metrics()::get)
                .anyMatch(metric -> metric != null && metric.value() > MUCH_OTHER_LOAD);
    }

    private static void row(PrintWriter out, PeerFigures peer) {
        OptionalDouble iops = peer.median("iops");
        out.printf(
                FORMAT,
                peer.peer(),
                iops.isPresent() ? Rates.format(iops.getAsDouble()) : "-",
                ratio(peer),
                time(peer.median("lat_p50")),
                time(peer.median("lat_p99")),
                time(peer.median("lat_p99_9")),
                time(peer.median("server_cpu_per_io")),
                time(peer.median("client_cpu_per_io")),
                note(peer));
    }

    private static String ratio(PeerFigures peer) {
        Comparison ratio = peer.ratio();
        if (peer.role() == PeerFigures.Role.CONTENDER || ratio.pairs() == 0) {
            return "-";
        }
        return ratio.verdict() == Verdict.TOO_FEW_RUNS
                ? String.format(Locale.ROOT, "%.2f (too few runs)", ratio.ratio())
                : String.format(
                        Locale.ROOT,
                        "%.2f [%.2f, %.2f]",
                        ratio.ratio(),
                        ratio.interval().low(),
                        ratio.interval().high());
    }

    private static String note(PeerFigures peer) {
        String role = switch (peer.role()) {
            case BEST_PEER -> "best peer";
            case FLOOR -> "floor";
            case CONTENDER, OWN, PEER -> "";
        };
        return peer.runs() == 0 ? "no valid run" : role;
    }

    private static String time(OptionalDouble ns) {
        if (ns.isEmpty()) {
            return "-";
        }
        double value = ns.getAsDouble();
        if (value < 10_000) {
            return String.format(Locale.ROOT, "%.0f ns", value);
        }
        return value < 10_000_000
                ? String.format(Locale.ROOT, value < 100_000 ? "%.1f us" : "%.0f us", value / 1e3)
                : String.format(Locale.ROOT, "%.0f ms", value / 1e6);
    }
}
