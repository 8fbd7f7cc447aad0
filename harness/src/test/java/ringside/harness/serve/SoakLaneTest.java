package ringside.harness.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.workloads.target.IoTarget;
import ringside.workloads.target.SubmitStatus;
import ringside.workloads.unit.IoUnit;

/** The load must see what a bad disk does. */
class SoakLaneTest {
    private static final int BLOCKS = 32;
    private static final int DEPTH = 8;
    private static final SoakLane.Patience SHORT =
            new SoakLane.Patience(TimeUnit.MILLISECONDS.toNanos(50), TimeUnit.MILLISECONDS.toNanos(300));

    /** A disk in memory that may misbehave once. */
    private static final class MemoryDisk implements IoTarget {
        private final MemorySegment content = Arena.ofAuto().allocate((long) BLOCKS * VerifiedBlocks.BLOCK_BYTES);
        private final Deque<IoUnit> done = new ArrayDeque<>();
        private final Misdeed misdeed;
        private final Predicate<IoUnit> when;
        private boolean committed;

        enum Misdeed {
            NONE,
            LOSE_WRITE,
            WRITE_ELSEWHERE,
            TEAR_WRITE,
            FLIP_BIT,
            FAIL,
            FORGET
        }

        MemoryDisk(Misdeed misdeed) {
            this.misdeed = misdeed;
            // The hundredth request of a kind, so that there is something to damage.
            int[] seen = {0};
            IoUnit.Op kind = misdeed == Misdeed.FLIP_BIT ? IoUnit.Op.READ : IoUnit.Op.WRITE;
            this.when = unit -> unit.op == kind && ++seen[0] == 100;
        }

        private void transfer(IoUnit unit) {
            boolean wrong = misdeed != Misdeed.NONE && when.test(unit);
            if (wrong && misdeed == Misdeed.FORGET) {
                return;
            }
            unit.error = wrong && misdeed == Misdeed.FAIL ? 5 : 0;
            long at = wrong && misdeed == Misdeed.WRITE_ELSEWHERE
                    ? (unit.offsetBytes + VerifiedBlocks.BLOCK_BYTES) % content.byteSize()
                    : unit.offsetBytes;
            int bytes = wrong && misdeed == Misdeed.TEAR_WRITE ? 512 : unit.lengthBytes;
            if (unit.op == IoUnit.Op.WRITE && !(wrong && misdeed == Misdeed.LOSE_WRITE)) {
                MemorySegment.copy(unit.buffer, 0, content, at, bytes);
            } else if (unit.op == IoUnit.Op.READ) {
                MemorySegment.copy(content, at, unit.buffer, 0, unit.lengthBytes);
                if (wrong) {
                    byte last = unit.buffer.get(ValueLayout.JAVA_BYTE, unit.lengthBytes - 1);
                    unit.buffer.set(ValueLayout.JAVA_BYTE, unit.lengthBytes - 1, (byte) (last ^ 1));
                }
            }
            done.add(unit);
        }

        @Override
        public long capacityBytes() {
            return content.byteSize();
        }

        @Override
        public int maxDepth() {
            return DEPTH;
        }

        @Override
        public IoUnit[] allocateUnits(int depth, int bufferBytes) {
            IoUnit[] units = new IoUnit[depth];
            for (int i = 0; i < depth; i++) {
                MemorySegment buffer = Arena.ofAuto().allocate(bufferBytes, 4096);
                units[i] = new IoUnit(i, buffer, buffer.address());
            }
            return units;
        }

        @Override
        public SubmitStatus submit(IoUnit unit) {
            transfer(unit);
            committed = false;
            return SubmitStatus.QUEUED;
        }

        @Override
        public void commit() {
            committed = true;
        }

        @Override
        public IoUnit poll() {
            return committed ? done.poll() : null;
        }

        @Override
        public boolean prepareToHalt() {
            return !done.isEmpty();
        }

        @Override
        public void close() {
            // Nothing to close.
        }
    }

    /** With the patience of a real soak: on a busy machine a short one takes this thread's absence for a stuck request. */
    private static SoakLane run(MemoryDisk disk) throws InterruptedException {
        return run(disk, SoakLane.Patience.DEFAULT);
    }

    private static SoakLane run(MemoryDisk disk, SoakLane.Patience patience) throws InterruptedException {
        SoakLane lane =
                new SoakLane(disk, LockSupport::parkNanos, new VerifiedBlocks(0, BLOCKS), DEPTH, 7, true, patience);
        Thread thread = Thread.ofPlatform().start(lane);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (lane.requests() < 3000 && lane.stuck() == 0 && System.nanoTime() < deadline) {
            Thread.sleep(1);
        }
        lane.stop();
        thread.join();
        assertThat(lane.failure()).isNull();
        return lane;
    }

    @Test
    void honestDisk_hasNoErrors() throws InterruptedException {
        SoakLane lane = run(new MemoryDisk(MemoryDisk.Misdeed.NONE));

        assertThat(lane.blocks().errors()).as(lane.blocks().firstProblem()).isZero();
        SoakCounts counts = lane.counts();
        assertThat(counts.reads()).isGreaterThan(500);
        assertThat(counts.writes()).isGreaterThan(500);
        assertThat(counts.flushes()).isPositive();
        assertThat(counts.failed() + counts.stuck() + counts.lost()).isZero();
    }

    @Test
    void lostWrite_isFoundBecauseAnOlderOneIsThere() throws InterruptedException {
        SoakLane lane = run(new MemoryDisk(MemoryDisk.Misdeed.LOSE_WRITE));

        assertThat(lane.blocks().firstProblem()).contains("instead of write");
    }

    @Test
    void misdirectedWrite_isFound() throws InterruptedException {
        assertThat(run(new MemoryDisk(MemoryDisk.Misdeed.WRITE_ELSEWHERE))
                        .blocks()
                        .errors())
                .isPositive();
    }

    @Test
    void tornWrite_isFound() throws InterruptedException {
        assertThat(run(new MemoryDisk(MemoryDisk.Misdeed.TEAR_WRITE)).blocks().firstProblem())
                .contains("torn");
    }

    @Test
    void wrongByte_isFound() throws InterruptedException {
        SoakLane lane = run(new MemoryDisk(MemoryDisk.Misdeed.FLIP_BIT));

        assertThat(lane.blocks().errors()).isEqualTo(1);
        assertThat(lane.blocks().firstProblem()).contains("corrupt");
    }

    @Test
    void failedWrite_isCountedAndPromisesNothing() throws InterruptedException {
        SoakLane lane = run(new MemoryDisk(MemoryDisk.Misdeed.FAIL));

        assertThat(lane.counts().failed()).isEqualTo(1);
        assertThat(lane.blocks().errors()).isZero();
    }

    @Test
    void requestThatNeverComesBack_isStuckAndThenLost() throws InterruptedException {
        SoakLane lane = run(new MemoryDisk(MemoryDisk.Misdeed.FORGET), SHORT);

        assertThat(lane.counts().stuck()).isEqualTo(1);
        assertThat(lane.counts().lost()).isEqualTo(1);
    }

    @Test
    void imageThatLacksWrites_isFoundFromOutside(@TempDir Path folder) throws Exception {
        MemoryDisk disk = new MemoryDisk(MemoryDisk.Misdeed.NONE);
        SoakLane lane = run(disk);
        Path image = folder.resolve("image");
        Files.write(image, disk.content.toArray(ValueLayout.JAVA_BYTE));

        assertThat(errorsOf(lane, image)).isZero();
        disk.content.asSlice(5 * 4096 + 1000, 1).fill((byte) 0xa5);
        Files.write(image, disk.content.toArray(ValueLayout.JAVA_BYTE));
        assertThat(errorsOf(lane, image)).isEqualTo(1);
    }

    private static long errorsOf(SoakLane lane, Path image) throws IOException {
        try (FileChannel channel = FileChannel.open(image, StandardOpenOption.READ)) {
            lane.blocks().checkImage(channel);
        }
        return lane.blocks().errors();
    }
}
