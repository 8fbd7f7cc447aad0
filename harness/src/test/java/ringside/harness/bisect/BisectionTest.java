package ringside.harness.bisect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import ringside.harness.bisect.Bisection.Outcome;

class BisectionTest {
    private final List<String> tested = new ArrayList<>();

    private static List<String> commits(int n) {
        return IntStream.range(0, n).mapToObj(Integer::toString).toList();
    }

    private List<String> search(int n, int firstBad, Set<Integer> untestable) {
        tested.clear();
        return Bisection.suspects(commits(n), commit -> {
            tested.add(commit);
            int at = Integer.parseInt(commit);
            return untestable.contains(at) ? Outcome.UNTESTABLE : at >= firstBad ? Outcome.BAD : Outcome.GOOD;
        });
    }

    @Test
    void firstBadCommit_isFoundInLogarithmicallyManySteps() {
        for (int n = 1; n <= 33; n++) {
            for (int firstBad = 0; firstBad < n; firstBad++) {
                assertThat(search(n, firstBad, Set.of())).containsExactly("" + firstBad);
                assertThat(tested).hasSizeLessThanOrEqualTo(6).doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void untestableCommits_arePassedOver() {
        assertThat(search(9, 6, Set.of(4, 3))).containsExactly("6");
        assertThat(search(9, 4, Set.of(4, 3))).containsExactly("3", "4", "5");
        assertThat(search(4, 3, Set.of(0, 1, 2))).containsExactly("0", "1", "2", "3");
    }

    @Test
    void undecidedCommit_endsTheSearchWithWhatIsLeft() {
        assertThat(Bisection.suspects(commits(8), commit -> commit.equals("3") ? Outcome.GOOD : Outcome.UNDECIDED))
                .containsExactly("4", "5", "6", "7");
    }
}
