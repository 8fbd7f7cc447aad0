package ringside.emulator.virtqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import ringside.emulator.memory.Le;

/** The record of requests in flight, killed at each step of the protocol (vhost-user.rst, in-flight I/O tracking). */
class InflightLogTest {
    private static final int SIZE = 8;

    private final MemorySegment region = Arena.ofAuto().allocate(InflightLog.bytes(SIZE), 64);

    private InflightLog started(int usedIdx) {
        InflightLog log = new InflightLog(region, SIZE);
        assertThat(log.recover(usedIdx)).isEmpty();
        return log;
    }

    private int[] recovered(int usedIdx) {
        return new InflightLog(region, SIZE).recover(usedIdx);
    }

    @Test
    void killedWhileRequestsAreInFlight_namesThemInTheirOrder() {
        InflightLog log = started(0);
        log.taken(5);
        log.taken(2);
        log.taken(7);

        assertThat(recovered(0)).containsExactly(5, 2, 7);
    }

    @Test
    void killedBeforeUsedIdxMoved_repeatsTheBatch() {
        InflightLog log = started(65_535);
        log.taken(1);
        log.taken(3);
        log.completing(1);

        assertThat(recovered(65_535)).containsExactly(1, 3);
    }

    @Test
    void killedAfterUsedIdxMoved_doesNotRepeatTheBatch() {
        InflightLog log = started(65_535);
        log.taken(1);
        log.taken(3);
        log.taken(4);
        log.completing(1);
        log.completing(4);

        // The ring says 65535 + 2; the record was not told.
        assertThat(recovered(1)).containsExactly(3);
    }

    @Test
    void killedAfterTheRecordWasTold_namesTheRest() {
        InflightLog log = started(0);
        log.taken(0);
        log.taken(6);
        log.completing(6);
        log.used(1, 1);

        assertThat(recovered(1)).containsExactly(0);
    }

    @Test
    void killedTwice_keepsTheOrder() {
        InflightLog log = started(0);
        log.taken(6);
        log.taken(0);
        InflightLog second = new InflightLog(region, SIZE);
        assertThat(second.recover(0)).containsExactly(6, 0);
        second.taken(3);

        assertThat(recovered(0)).containsExactly(6, 0, 3);
    }

    @Test
    void hostileRecord_staysInBounds() {
        started(0);
        region.fill((byte) 0xff);
        Le.put16(region, 8, 1);
        Le.put16(region, 10, SIZE);

        assertThat(recovered(9)).hasSize(SIZE).doesNotHaveDuplicates();
    }

    @Test
    void regionOfAnotherQueueSize_startsAnew() {
        InflightLog log = started(0);
        log.taken(1);

        assertThat(new InflightLog(region, SIZE / 2).recover(4)).isEmpty();
    }
}
