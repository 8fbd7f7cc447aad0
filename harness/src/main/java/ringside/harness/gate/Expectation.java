package ringside.harness.gate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An acceptance rule in words: {@code mean of 3 >= +20 %, none < +10 %}. Each run's change against the mean of the baseline; of
 * the mean and of the single runs a comparison must hold.
 *
 * @param text as written
 * @param clauses all must hold
 */
record Expectation(String text, List<Clause> clauses) {
    private static final double HUNDRED = 100;
    private static final Pattern CLAUSE = Pattern.compile(
            "(mean|median|all|none)(?:\\s+of\\s+([1-9][0-9]{0,3}))?\\s*(<=|>=|<|>)\\s*([+-]?[0-9]*\\.?[0-9]+)\\s*%");

    /**
     * One comparison.
     *
     * @param of mean, median, all or none
     * @param runs fewest runs that it asks for
     * @param operator one of {@code <=}, {@code >=}, {@code <}, {@code >}
     * @param share right side, for example 0.2
     */
    record Clause(String of, int runs, String operator, double share) {
        private boolean compare(double value) {
            return switch (operator) {
                case "<=" -> value <= share;
                case ">=" -> value >= share;
                case "<" -> value < share;
                default -> value > share;
            };
        }

        boolean holds(double[] changes) {
            return switch (of) {
                case "mean" -> compare(Arrays.stream(changes).average().orElseThrow());
                case "median" -> compare(median(changes));
                case "all" -> Arrays.stream(changes).allMatch(this::compare);
                default -> Arrays.stream(changes).noneMatch(this::compare);
            };
        }
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException naming the form
     */
    static Expectation parse(String text) {
        List<Clause> clauses = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Matcher matcher = CLAUSE.matcher(part.strip().toLowerCase(Locale.ROOT));
            if (!matcher.matches()) {
                throw new IllegalArgumentException(
                        "'" + part.strip()
                                + "' is no expectation: write it as in 'mean of 3 >= +20 %, none < +10 %' (mean, median, all, none)");
            }
            clauses.add(new Clause(
                    matcher.group(1),
                    matcher.group(2) == null ? 1 : Integer.parseInt(matcher.group(2)),
                    matcher.group(3),
                    Double.parseDouble(matcher.group(4)) / HUNDRED));
        }
        return new Expectation(text, clauses);
    }

    /** Fewest runs that it asks for. */
    int runs() {
        return clauses.stream().mapToInt(Clause::runs).max().orElse(1);
    }

    boolean holds(double[] changes) {
        return clauses.stream().allMatch(clause -> clause.holds(changes));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
