package ringside.harness.bisect;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A binary search for the first bad of several commits. A commit that cannot be tested is passed over for one beside it, as
 * git bisect skip does.
 */
final class Bisection {
    /** What a test says of a commit. */
    enum Outcome {
        /** Like the good one. */
        GOOD,
        /** Like the bad one. */
        BAD,
        /** It does not build, or does not run the cell. */
        UNTESTABLE,
        /** As many pairs as are allowed do not tell. */
        UNDECIDED,
        /** A stop was asked for. */
        STOPPED
    }

    private final List<String> commits;
    private final Function<String, Outcome> test;
    private final Set<Integer> untestable = new HashSet<>();
    private int good = -1;
    private int bad;

    private Bisection(List<String> commits, Function<String, Outcome> test) {
        this.commits = commits;
        this.test = test;
        this.bad = commits.size() - 1;
    }

    /**
     * Searches.
     *
     * @param commits after the good one, oldest first; the last is known to be bad
     * @param test called once for each commit that is looked at
     * @return the commits among which the first bad one is, oldest first: one if it was found
     */
    static List<String> suspects(List<String> commits, Function<String, Outcome> test) {
        return new Bisection(commits, test).search();
    }

    private List<String> search() {
        for (Optional<Integer> next = next(); next.isPresent(); next = next()) {
            int at = next.get();
            switch (test.apply(commits.get(at))) {
                case GOOD -> good = at;
                case BAD -> bad = at;
                case UNTESTABLE -> untestable.add(at);
                case UNDECIDED, STOPPED -> {
                    return suspects();
                }
            }
        }
        return suspects();
    }

    private List<String> suspects() {
        return List.copyOf(commits.subList(good + 1, bad + 1));
    }

    /** The commit nearest to the middle that was not tried, empty when none is left. */
    private Optional<Integer> next() {
        double middle = (good + bad) / 2.0;
        return IntStream.range(good + 1, bad)
                .filter(at -> !untestable.contains(at))
                .boxed()
                .min((a, b) -> Double.compare(Math.abs(a - middle), Math.abs(b - middle)));
    }
}
