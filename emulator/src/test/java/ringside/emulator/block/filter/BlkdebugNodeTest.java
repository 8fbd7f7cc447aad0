package ringside.emulator.block.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import ringside.emulator.block.BlkdebugSpec;
import ringside.emulator.block.BlkdebugSpec.Injection;
import ringside.emulator.block.BlkdebugSpec.Transition;
import ringside.emulator.block.BlockEvent;
import ringside.emulator.block.BlockEvents;
import ringside.emulator.block.BlockIoException;
import ringside.emulator.block.BlockOp;
import ringside.emulator.ffi.Errno;

class BlkdebugNodeTest {
    private static FilterFixture with(List<Injection> injections, Transition... transitions) {
        return new FilterFixture(new BlkdebugSpec(FilterFixture.zeroes(), injections, List.of(transitions), 0));
    }

    private static Injection always(String event, int errno) {
        return new Injection(event, 0, List.of(), errno, -1, false, 0);
    }

    private static Injection once(String event, int errno) {
        return new Injection(event, 0, List.of(), errno, -1, true, 0);
    }

    @Test
    void armedFromTheStart_hitsEveryRequest() {
        try (FilterFixture f = with(List.of(always("none", Errno.ENOSPC)))) {
            assertThat(f.write(0, f.filled(512, 1))).isEqualTo(Errno.ENOSPC);
            assertThat(f.run(BlockOp.FLUSH, 0, 0)).isEqualTo(Errno.ENOSPC);
            assertThatThrownBy(() -> f.node.file().flush())
                    .isInstanceOf(BlockIoException.class)
                    .hasMessage("blkdebug: flush at 0: ENOSPC (no space left on device)");
        }
    }

    @Test
    void once_hitsOneRequest() {
        try (FilterFixture f = with(List.of(once("pwritev", Errno.EIO)))) {
            assertThat(f.run(BlockOp.READ, 0, 512, f.filled(512, 1))).isZero();
            assertThat(f.write(0, f.filled(512, 1))).isEqualTo(Errno.EIO);
            assertThat(f.write(0, f.filled(512, 1))).isZero();
        }
    }

    @Test
    void sectorAndKind_mustFit() {
        Injection seventh = new Injection("none", 0, List.of("write"), Errno.EIO, 7, false, 0);
        try (FilterFixture f = with(List.of(seventh))) {
            assertThat(f.write(7 * 512, f.filled(512, 1))).isEqualTo(Errno.EIO);
            assertThat(f.write(0, f.filled(8 * 512, 1))).isEqualTo(Errno.EIO);
            assertThat(f.write(0, f.filled(7 * 512, 1))).isZero();
            assertThat(f.write(8 * 512, f.filled(512, 1))).isZero();
            assertThat(f.run(BlockOp.READ, 7 * 512, 512, f.filled(512, 1))).isZero();
            assertThat(f.run(BlockOp.DISCARD, 7 * 512, 512)).isZero();
        }
    }

    @Test
    void states_letFaultsFollowOneAnother() {
        Injection second = new Injection("pwritev", 2, List.of(), Errno.EIO, -1, true, 0);
        try (FilterFixture f = with(List.of(second), new Transition("pwritev", 1, 2))) {
            assertThat(f.write(0, f.filled(512, 1))).isZero();
            assertThat(f.write(0, f.filled(512, 1))).isEqualTo(Errno.EIO);
            assertThat(f.write(0, f.filled(512, 1))).isZero();
        }
    }

    @Test
    void formatsEvents_armFaultsForWhatFollows() {
        try (FilterFixture f = with(List.of(once("l2_update", Errno.EIO), once("l2_load", Errno.ENOSPC)))) {
            BlockEvents events = f.node.events();
            assertThat(f.write(0, f.filled(512, 1))).isZero();
            events.raise(BlockEvent.L2_UPDATE);
            assertThatThrownBy(() -> f.node.file().write(0, f.filled(512, 1))).hasMessageContaining("EIO");
            events.raise(BlockEvent.L2_LOAD);
            assertThatThrownBy(() -> f.node.file().read(0, f.filled(512, 1))).hasMessageContaining("ENOSPC");
            events.raise(BlockEvent.L2_LOAD);
            f.node.file().read(0, f.filled(512, 1));
        }
    }

    @Test
    void laterEvent_replacesWhatIsArmed() {
        try (FilterFixture f = with(List.of(always("l2_update", Errno.EIO), once("l2_load", Errno.ENOSPC)))) {
            f.node.events().raise(BlockEvent.L2_UPDATE);
            f.node.events().raise(BlockEvent.L2_LOAD);
            assertThat(f.write(0, f.filled(512, 1))).isEqualTo(Errno.ENOSPC);
            assertThat(f.write(0, f.filled(512, 1))).isZero();
        }
    }

    @Test
    void dataEvents_areRaisedHereWhereNoFormatDoes() {
        List<Injection> rules = List.of(once("read_aio", Errno.EIO), once("write_aio", Errno.ENOSPC));
        try (FilterFixture f = with(rules)) {
            assertThat(f.run(BlockOp.READ, 0, 512, f.filled(512, 1))).isEqualTo(Errno.EIO);
            assertThat(f.write(0, f.filled(512, 1))).isEqualTo(Errno.ENOSPC);
        }
        try (FilterFixture f = with(rules)) {
            assertThat(f.node.events()).isNotSameAs(BlockEvents.NONE);
            assertThat(f.run(BlockOp.READ, 0, 512, f.filled(512, 1))).isZero();
        }
    }

    @Test
    void endOfAWrite_isAnEvent() {
        try (FilterFixture f = with(List.of(once("pwritev_done", Errno.EIO)))) {
            assertThat(f.write(0, f.filled(512, 1))).isZero();
            assertThat(f.run(BlockOp.FLUSH, 0, 0)).isEqualTo(Errno.EIO);
        }
    }

    @Test
    void latencyWithoutErrno_delaysOnly() {
        Injection slow = new Injection("none", 0, List.of("read"), 0, -1, false, 3_000_000);
        try (FilterFixture f = with(List.of(slow))) {
            long begin = System.nanoTime();
            assertThat(f.read(0, 512)).containsOnly(0);
            assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(3_000_000);
            long later = System.nanoTime();
            f.node.file().read(0, f.filled(512, 1));
            assertThat(System.nanoTime() - later).isGreaterThanOrEqualTo(3_000_000);
        }
    }

    @Test
    void immediately_failsBeforeSubmitReturns() {
        Injection at = new Injection("none", 0, List.of(), Errno.EIO, -1, true, 0, true);
        try (FilterFixture f = with(List.of(at))) {
            assertThat(f.submit(BlockOp.FLUSH, 0, 0).error).isEqualTo(Errno.EIO);
        }
        try (FilterFixture f = with(List.of(once("none", Errno.EIO)))) {
            FilterFixture.Request later = f.submit(BlockOp.FLUSH, 0, 0);
            assertThat(later.error).isEqualTo(FilterFixture.PENDING);
            f.finish();
            assertThat(later.error).isEqualTo(Errno.EIO);
        }
    }

    @Test
    void alignment_isDemanded() {
        try (FilterFixture f =
                new FilterFixture(new BlkdebugSpec(FilterFixture.zeroes(), List.of(), List.of(), 4096))) {
            assertThat(f.node.physicalBlockBytes()).isEqualTo(4096);
            assertThat(f.write(512, f.filled(4096, 1))).isEqualTo(Errno.EINVAL);
            assertThat(f.write(4096, f.filled(4096, 1))).isZero();
        }
    }

    @Test
    void nodesWithoutRules_costNothingAbove() {
        try (FilterFixture f = new FilterFixture(FilterFixture.zeroes())) {
            assertThat(f.node.events()).isSameAs(BlockEvents.NONE);
        }
    }
}
