package ringside.harness.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import ringside.harness.results.Compared;
import ringside.harness.results.PlannedRun;
import ringside.harness.results.Results;
import ringside.harness.results.RunResult;

class PeerFiguresTest {
    private static final Compared COMPARED = new Compared("peer", "slow", "ours");

    private final List<RunResult> results = new ArrayList<>();

    @Test
    void ratio_isTakenPerCaseWithEachPeer() {
        add("one", "slow", 100, 110, 90);
        add("one", "ours", 300, 330, 270);
        add("one", "fast", 200, 220, 180);
        add("two", "slow", 1000, 1000, 1000);
        add("two", "ours", 500, 500, 500);

        List<PeerFigures> figures = PeerFigures.of(results, COMPARED);

        assertThat(figures).extracting(PeerFigures::peer).containsExactly("ours", "fast", "slow", "ours", "slow");
        assertThat(figures)
                .extracting(PeerFigures::role)
                .containsExactly(
                        PeerFigures.Role.CONTENDER,
                        PeerFigures.Role.BEST_PEER,
                        PeerFigures.Role.PEER,
                        PeerFigures.Role.CONTENDER,
                        PeerFigures.Role.BEST_PEER);
        assertThat(figures)
                .extracting(one -> Math.round(one.ratio().ratio() * 100))
                .containsExactly(100L, 150L, 300L, 100L, 50L);
        assertThat(figures.get(4).ratio().verdict()).isEqualTo(Verdict.SLOWER);
        assertThat(figures.get(1).median("iops")).hasValue(200);
        assertThat(figures.get(1).median("server_cpu_per_io")).isEmpty();
    }

    @Test
    void peerWithoutTheContender_hasNoRatio() {
        add("one", "slow", 100);

        PeerFigures only = PeerFigures.of(results, COMPARED).getFirst();

        assertThat(only.ratio().pairs()).isZero();
        assertThat(only.ratio().verdict()).isEqualTo(Verdict.TOO_FEW_RUNS);
    }

    private void add(String at, String peer, double... iops) {
        for (int i = 0; i < iops.length; i++) {
            Map<String, String> axes = Map.of("case", at, "peer", peer);
            results.add(Results.ok(new PlannedRun(results.size(), at + peer, i, 1, axes), iops[i]));
        }
    }
}
