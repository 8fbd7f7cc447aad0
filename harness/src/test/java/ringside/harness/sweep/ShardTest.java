package ringside.harness.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import ringside.harness.results.PlannedRun;
import ringside.harness.suite.SuiteFile;
import ringside.harness.suite.SuiteSpec;

class ShardTest {
    private final SuiteSpec suite = SuiteFile.load("whitepaper");
    private final List<Cell> cells = Cells.of(suite);
    private final List<PlannedRun> runs = SweepPlan.of(cells, 3, 1);

    @Test
    void sharesTogether_areTheWholeSuiteOnce() {
        for (int count : List.of(1, 2, 3, 7)) {
            List<PlannedRun> all = new ArrayList<>();
            for (int number = 1; number <= count; number++) {
                all.addAll(share(number, count));
            }
            assertThat(all).as("%d shares", count).containsExactlyInAnyOrderElementsOf(runs);
        }
    }

    @Test
    void cellsThatAreCompared_stayTogether() {
        Map<Map<String, String>, Integer> owner = new HashMap<>();
        for (int number = 1; number <= 3; number++) {
            for (PlannedRun run : share(number, 3)) {
                Map<String, String> point = new HashMap<>(run.axes());
                point.remove("threading");
                assertThat(owner.computeIfAbsent(point, _ -> -1)).isIn(-1, number);
                owner.put(point, number);
            }
        }
        assertThat(owner.values()).contains(1, 2, 3);
    }

    @Test
    void shareOfNothing_isRefused() {
        assertThatThrownBy(() -> share(999, 1000)).hasMessageContaining("this share is empty: use at most");
        for (String wrong : List.of("", "1", "0/2", "3/2", "1/0", "-1/2", "1/2/3", "a/b")) {
            assertThatThrownBy(() -> Shard.parse(wrong)).as(wrong).hasMessageContaining("write NUMBER/COUNT");
        }
        assertThat(Shard.parse("2/8")).isEqualTo(new Shard(2, 8));
    }

    private List<PlannedRun> share(int number, int count) {
        return new Shard(number, count).of(runs, cells, "threading");
    }
}
