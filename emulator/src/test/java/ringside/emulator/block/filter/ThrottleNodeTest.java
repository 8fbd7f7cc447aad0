package ringside.emulator.block.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.ThrottleLimits;
import ringside.emulator.block.ThrottleLimits.Bucket;
import ringside.emulator.block.ThrottleSpec;

class ThrottleNodeTest {
    private static ThrottleSpec limited(String group, long iops) {
        return new ThrottleSpec(
                FilterFixture.zeroes(),
                group,
                new ThrottleLimits(
                        Bucket.UNLIMITED,
                        Bucket.UNLIMITED,
                        Bucket.UNLIMITED,
                        new Bucket(iops, 0, 1),
                        Bucket.UNLIMITED,
                        Bucket.UNLIMITED,
                        0));
    }

    @Test
    void requestsAboveTheRate_waitAndEndInOrder() {
        try (FilterFixture f = new FilterFixture(limited("", 2000))) {
            List<FilterFixture.Request> requests = new ArrayList<>();
            long begin = System.nanoTime();
            for (int i = 0; i < 400; i++) {
                requests.add(f.submit(BlockOp.DISCARD, 0, 512));
            }
            f.finish();

            assertThat(requests.getLast().endedNs - begin)
                    .as("200 at once, then 2000 per second")
                    .isGreaterThan(90_000_000);
            assertThat(requests).isSortedAccordingTo((a, b) -> Long.compare(a.endedNs, b.endedNs));
        }
    }

    @Test
    void flush_isNotLimited() {
        try (FilterFixture f = new FilterFixture(limited("", 1))) {
            for (int i = 0; i < 100; i++) {
                assertThat(f.run(BlockOp.FLUSH, 0, 0)).isZero();
            }
        }
    }

    @Test
    void loopsOfOneNode_shareTheRateAndBothGetOn() {
        try (FilterFixture f = new FilterFixture(limited("", 1000));
                FilterFixture g = f.otherLoop()) {
            List<FilterFixture.Request> requests = new ArrayList<>();
            long begin = System.nanoTime();
            for (int i = 0; i < 100; i++) {
                requests.add(f.submit(BlockOp.READ, 0, 512, f.filled(512, 1)));
                requests.add(g.submit(BlockOp.READ, 0, 512, f.filled(512, 1)));
            }
            f.backend.commit();
            g.backend.commit();
            f.loop.pollUntil(() -> {
                g.loop.pass();
                return requests.stream().allMatch(request -> request.error == 0);
            });

            assertThat(requests.getLast().endedNs - begin).isGreaterThan(90_000_000);
        }
    }

    @Test
    void nodesOfOneGroup_mustHaveTheSameLimits() {
        try (BlockNode first = BlockNodes.open(limited("shared", 10))) {
            assertThat(first.description()).contains("throttle-group=shared", "limits.iops-total=10");
            assertThatThrownBy(() -> BlockNodes.open(limited("shared", 11)))
                    .hasMessageContaining("throttle-group=shared has other limits already");
            BlockNodes.open(limited("shared", 10)).close();
        }
        BlockNodes.open(limited("shared", 11)).close();
    }
}
