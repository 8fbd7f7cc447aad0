package ringside.emulator.block.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import ringside.emulator.block.ThrottleLimits;
import ringside.emulator.block.ThrottleLimits.Bucket;

/** The limits in simulated time: what passes in so many seconds when there is always a request waiting. */
class ThrottleGroupTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private static ThrottleLimits iops(Bucket total) {
        return new ThrottleLimits(
                Bucket.UNLIMITED, Bucket.UNLIMITED, Bucket.UNLIMITED, total, Bucket.UNLIMITED, Bucket.UNLIMITED, 0);
    }

    private static ThrottleLimits readsAndWrites(long iopsRead, long bpsWrite, long iopsSize) {
        return new ThrottleLimits(
                Bucket.UNLIMITED,
                Bucket.UNLIMITED,
                bpsWrite == 0 ? Bucket.UNLIMITED : new Bucket(bpsWrite, 0, 1),
                Bucket.UNLIMITED,
                new Bucket(iopsRead, 0, 1),
                Bucket.UNLIMITED,
                iopsSize);
    }

    /** How many requests pass from one time to another. */
    private static int passed(ThrottleGroup group, boolean write, long bytes, long fromNs, long toNs) {
        int count = 0;
        for (long now = fromNs; now < toNs; ) {
            long wait = group.admit(write, bytes, now);
            count += wait == 0 ? 1 : 0;
            now += wait;
        }
        return count;
    }

    @Test
    void average_isKeptInTheLongRun() {
        ThrottleGroup group = new ThrottleGroup(iops(new Bucket(1000, 0, 1)), 0);

        int first = passed(group, false, 4096, 0, SECOND_NS);
        int later = passed(group, false, 4096, SECOND_NS, 11 * SECOND_NS);

        assertThat(first).as("a tenth of a second's worth at once").isCloseTo(1100, within(3));
        assertThat(later).isCloseTo(10_000, within(3));
    }

    @Test
    void burst_lastsAsLongAsItMay() {
        ThrottleGroup group = new ThrottleGroup(iops(new Bucket(100, 2000, 3)), 0);

        int burst = passed(group, false, 4096, 0, 3 * SECOND_NS);
        int after = passed(group, false, 4096, 4 * SECOND_NS, 14 * SECOND_NS);

        assertThat(burst).as("3 s at 2000 and what is let through at once").isCloseTo(6200, within(10));
        assertThat(after).as("back at the average").isBetween(1000, 1100 + 300);
    }

    @Test
    void bytesAndLargeRequests_countByTheirSize() {
        ThrottleGroup group = new ThrottleGroup(readsAndWrites(1000, 1 << 20, 4096), 0);

        assertThat(passed(group, true, 64 << 10, SECOND_NS, 11 * SECOND_NS)).isCloseTo(160, within(3));
        assertThat(passed(group, false, 16384, 12 * SECOND_NS, 22 * SECOND_NS))
                .as("each counts as four")
                .isCloseTo(2525, within(5));
    }

    @Test
    void readsAndWrites_haveLimitsOfTheirOwn() {
        ThrottleGroup group = new ThrottleGroup(readsAndWrites(10, 0, 0), 0);

        assertThat(passed(group, false, 512, 0, SECOND_NS)).isLessThan(15);
        for (int i = 0; i < 10_000; i++) {
            assertThat(group.admit(true, 512, SECOND_NS)).isZero();
        }
    }

    @Test
    void membersOfAGroup_takeTurns() {
        ThrottleGroup group = new ThrottleGroup(iops(new Bucket(1000, 0, 1)), 0);
        boolean[] told = new boolean[2];
        ThrottleGroup.Member a = _ -> told[0] = true;
        ThrottleGroup.Member b = _ -> told[1] = true;
        int more = 1;
        while (more > 0) {
            more = group.admit(false, 512, SECOND_NS) == 0 ? 1 : 0;
        }

        assertThat(group.admit(a, false, 512, true, false, SECOND_NS)).isPositive();
        assertThat(group.admit(b, false, 512, true, false, SECOND_NS)).isEqualTo(ThrottleGroup.NOT_YOUR_TURN);
        assertThat(group.admit(b, false, 512, false, true, 2 * SECOND_NS)).isEqualTo(ThrottleGroup.NOT_YOUR_TURN);
        assertThat(group.admit(a, false, 512, false, true, 2 * SECOND_NS)).isZero();
        assertThat(told).containsExactly(false, true);
        assertThat(group.admit(a, false, 512, false, true, 2 * SECOND_NS)).isEqualTo(ThrottleGroup.NOT_YOUR_TURN);
        assertThat(group.admit(b, false, 512, false, false, 2 * SECOND_NS)).isZero();
        assertThat(told).containsExactly(true, true);
    }

    @Test
    void limitsThatContradict_areRefused() {
        assertThatThrownBy(() -> new Bucket(10, 5, 1)).hasMessageContaining("-max of a burst");
        assertThatThrownBy(() -> new Bucket(10, 0, 5)).hasMessageContaining("-max-length needs");
        assertThatThrownBy(() -> new Bucket(-1, 0, 1)).hasMessageContaining("from 0 to 1e15");
    }
}
