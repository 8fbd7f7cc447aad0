package ringside.harness.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import ringside.workloads.target.HaltPolicy;
import ringside.workloads.target.IoTarget;
import ringside.workloads.unit.IoUnit;

/** Writes to blocks of a disk, near each other for a while, and flushes, one at a time beside the writes. One thread. */
final class FlushLoad {
    private static final int DEPTH = 24;
    private static final int WRITES_PER_FLUSH = 60;
    private static final int NEAR = 64;
    private static final int WRITES_PER_MOVE = 100;
    private static final long STUCK_NS = TimeUnit.MINUTES.toNanos(2);
    private static final long HALT_NS = TimeUnit.MILLISECONDS.toNanos(5);

    private final IoTarget target;
    private final HaltPolicy halt;
    private final FlushedBlocks blocks;
    private final Random random;
    private final Deque<IoUnit> free;
    private int near;

    FlushLoad(IoTarget target, HaltPolicy halt, FlushedBlocks blocks, Random random) {
        this.target = target;
        this.halt = halt;
        this.blocks = blocks;
        this.random = random;
        this.free = new ArrayDeque<>(List.of(target.allocateUnits(DEPTH, FlushedBlocks.BLOCK_BYTES)));
    }

    /** Returns when so many requests have been completed, with whatever is in flight then. */
    void run(int requests) {
        long startNs = System.nanoTime();
        for (int done = 0; done < requests; ) {
            submitAll();
            IoUnit unit = target.poll();
            if (unit == null && !target.prepareToHalt()) {
                halt.halt(HALT_NS);
                assertThat(System.nanoTime() - startNs)
                        .as("time of %d requests", requests)
                        .isLessThan(STUCK_NS);
            }
            for (; unit != null; unit = target.poll()) {
                completed(unit);
                done++;
            }
        }
    }

    private void submitAll() {
        int tries = DEPTH;
        while (!free.isEmpty() && tries-- > 0) {
            IoUnit unit = free.peekFirst();
            if (random.nextInt(WRITES_PER_FLUSH) == 0) {
                if (blocks.flushing()) {
                    continue;
                }
                unit.op = IoUnit.Op.FLUSH;
                blocks.submitFlush();
            } else if (!write(unit)) {
                continue;
            }
            free.removeFirst();
            target.submit(unit);
        }
        target.commit();
    }

    /** Returns false when the chosen block has a write in flight. */
    private boolean write(IoUnit unit) {
        if (random.nextInt(WRITES_PER_MOVE) == 0) {
            near = random.nextInt(blocks.count() - NEAR);
        }
        int block = random.nextInt(4) == 0 ? random.nextInt(blocks.count()) : near + random.nextInt(NEAR);
        if (blocks.busy(block)) {
            return false;
        }
        unit.op = IoUnit.Op.WRITE;
        unit.offsetBytes = (long) block * FlushedBlocks.BLOCK_BYTES;
        unit.lengthBytes = FlushedBlocks.BLOCK_BYTES;
        blocks.submit(block, unit.buffer);
        return true;
    }

    private void completed(IoUnit unit) {
        assertThat(unit.error).as("error of " + unit.op).isZero();
        if (unit.op == IoUnit.Op.FLUSH) {
            blocks.flushed();
        } else {
            blocks.written((int) (unit.offsetBytes / FlushedBlocks.BLOCK_BYTES));
        }
        free.addLast(unit);
    }
}
