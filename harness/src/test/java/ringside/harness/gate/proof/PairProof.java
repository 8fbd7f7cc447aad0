package ringside.harness.gate.proof;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import ringside.harness.gate.GateVerdict;
import ringside.harness.results.ResultStore;

/**
 * What the gate makes of the pairs in a folder of {@code ringside ab}: of its consecutive runs of so many pairs, and of runs
 * resampled from all its pairs. Started by {@code scripts/gate-proof}.
 *
 * <p>{@code aa DIR PAIRS DECISIONS}, {@code power DIR PAIRS DECISIONS LEAST-PERCENT} or {@code amount DIR KIND AMOUNT PERCENT}:
 * the amount of a delay that makes it slower by so many per cent, from pairs with another amount.
 */
final class PairProof {
    private static final double HUNDRED = 100;
    private static final double MOST_FALSE = 0.004;

    private PairProof() {}

    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[1]);
        PairData data = PairData.of(ResultStore.load(folder.resolve("base")), ResultStore.load(folder.resolve("head")));
        boolean holds = switch (arguments[0]) {
            case "aa" -> falseAlarms(data, number(arguments[2]), number(arguments[3]));
            case "power" -> power(data, number(arguments[2]), number(arguments[3]), Double.parseDouble(arguments[4]));
            default -> amount(data, arguments[2], number(arguments[3]), Double.parseDouble(arguments[4]));
        };
        System.exit(holds ? 0 : 1);
    }

    private static int number(String text) {
        return Integer.parseInt(text);
    }

    private static boolean falseAlarms(PairData data, int pairs, int decisions) {
        describe(data);
        Map<GateVerdict, Integer> real = consecutive(data, pairs);
        int runs = total(real);
        say("real A/A runs of %d pairs: %d of %d raise a false alarm (%s)", pairs, alarms(real), runs, real);
        Map<GateVerdict, Integer> drawn = resampled(data.centred(), pairs, decisions);
        double bound = Stats.upperBound(alarms(drawn), decisions);
        say(
                "resampled A/A runs of %d pairs: %d of %d raise a false alarm, %.2f in 1,000 (95 %% bound %.2f; %s)",
                pairs, alarms(drawn), decisions, 1000.0 * alarms(drawn) / decisions, 1000 * bound, drawn);
        return alarms(drawn) <= MOST_FALSE * decisions;
    }

    private static boolean power(PairData data, int pairs, int decisions, double leastPercent) {
        double deviation = describe(data);
        Map<GateVerdict, Integer> real = consecutive(data, pairs);
        say("real runs of %d pairs: %d of %d find it (%s)", pairs, found(real), total(real), real);
        Map<GateVerdict, Integer> drawn = resampled(data, pairs, decisions);
        double share = HUNDRED * found(drawn) / decisions;
        say("resampled runs of %d pairs: %.1f %% of %d find it (%s)", pairs, share, decisions, drawn);
        if (deviation > 0.02) {
            say("the pairs scatter by more than 2 %%, so nothing is claimed; underpowered is the right answer then");
            return true;
        }
        return share >= leastPercent;
    }

    /** Prints what the pairs are; returns the largest scatter of a cell. */
    private static double describe(PairData data) {
        double largest = 0;
        for (Map.Entry<String, List<double[]>> cell : data.cells().entrySet()) {
            double[] logs = PairData.logs(cell.getValue());
            double deviation = Stats.deviation(logs);
            largest = Math.max(largest, deviation);
            say(
                    "%s: %d pairs, head / base %.4f +- %.4f, a pair scatters by %.2f %%",
                    cell.getKey(),
                    logs.length,
                    Math.exp(Stats.mean(logs)),
                    2 * deviation / Math.sqrt(logs.length),
                    HUNDRED * deviation);
        }
        return largest;
    }

    /** Time per request grows in proportion to a delay, and to the share of requests whose batch is lost. */
    private static boolean amount(PairData data, String kind, int amount, double percent) {
        double ratio = Math.exp(
                Stats.mean(PairData.logs(data.cells().values().iterator().next())));
        double growth = 1 / ratio - 1;
        double wanted = 1 / (1 - percent / HUNDRED) - 1;
        if (growth < 0.01) {
            System.err.printf(
                    Locale.ROOT,
                    "a delay of %d changed the rate by the factor %.3f only: give a larger one%n",
                    amount,
                    ratio);
            return false;
        }
        double factor = kind.equals("batching") ? growth / wanted : wanted / growth;
        say("%d", Math.max(1, Math.round(amount * factor)));
        return true;
    }

    private static Map<GateVerdict, Integer> consecutive(PairData data, int pairs) {
        Map<GateVerdict, Integer> verdicts = new EnumMap<>(GateVerdict.class);
        for (int from = 0; from + pairs <= data.size(); from += pairs) {
            verdicts.merge(data.slice(from, from + pairs).verdict(), 1, Integer::sum);
        }
        return verdicts;
    }

    static Map<GateVerdict, Integer> resampled(PairData data, int pairs, int decisions) {
        SplittableRandom random = new SplittableRandom(41);
        Map<GateVerdict, Integer> verdicts = new EnumMap<>(GateVerdict.class);
        for (int i = 0; i < decisions; i++) {
            verdicts.merge(data.resampled(pairs, random).verdict(), 1, Integer::sum);
        }
        return verdicts;
    }

    private static int total(Map<GateVerdict, Integer> verdicts) {
        return verdicts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Only a regression stops a change; an improvement that is none is no better, so it counts as well. */
    static int alarms(Map<GateVerdict, Integer> verdicts) {
        return found(verdicts) + verdicts.getOrDefault(GateVerdict.IMPROVED, 0);
    }

    private static int found(Map<GateVerdict, Integer> verdicts) {
        return verdicts.getOrDefault(GateVerdict.REGRESSED, 0);
    }

    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
