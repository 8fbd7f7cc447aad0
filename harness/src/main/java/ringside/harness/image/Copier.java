package ringside.harness.image;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockStatus;
import ringside.emulator.block.qcow2.Qcow2Node;

/**
 * Copies what one node holds to another, in pieces that several threads take in turn. What reads as zeroes is not read, and
 * not written where the target reads as zeroes already.
 */
final class Copier {
    private static final long PIECE_BYTES = 2 << 20;
    private static final int ALIGN_BYTES = 4096;

    /**
     * How to copy.
     *
     * @param threads how many at a time
     * @param sparseBytes runs of zeroes of this length are not written; 0: everything is
     * @param targetIsZero whether the target reads as zeroes, so that these need not be written
     * @param compress whether clusters are compressed
     * @param oneWriter whether threads write in turns: the kernel lets one at a time write to a file's cache, and those that
     *     wait for it there burn their CPU
     * @param allocatedOnly what the source does not hold itself is left to what the target has
     */
    record Plan(
            int threads,
            int sparseBytes,
            boolean targetIsZero,
            boolean compress,
            boolean oneWriter,
            boolean allocatedOnly) {}

    private final BlockNode source;
    private final BlockNode target;
    private final Plan plan;
    private final CopyProgress progress;
    private final AtomicLong next = new AtomicLong();
    private final Lock turn = new ReentrantLock();
    private volatile boolean stopped;

    Copier(BlockNode source, BlockNode target, Plan plan, CopyProgress progress) {
        this.source = source;
        this.target = target;
        this.plan = plan;
        this.progress = progress;
    }

    /** Copies everything; throws what the first thread that failed met. */
    void run() {
        try (ExecutorService pool = Executors.newFixedThreadPool(
                plan.threads(),
                Thread.ofPlatform().name("copy-", 0).daemon(true).factory())) {
            List<Future<?>> workers = new ArrayList<>();
            for (int i = 0; i < plan.threads(); i++) {
                workers.add(pool.submit(this::work));
            }
            for (Future<?> worker : workers) {
                worker.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            progress.end();
        }
    }

    private void work() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(PIECE_BYTES, ALIGN_BYTES);
            long length = source.lengthBytes();
            for (long at = next.getAndAdd(PIECE_BYTES); at < length && !stopped; at = next.getAndAdd(PIECE_BYTES)) {
                long piece = Math.min(PIECE_BYTES, length - at);
                copy(at, piece, buffer);
                progress.add(piece);
            }
        } catch (RuntimeException e) {
            stopped = true;
            throw e;
        }
    }

    private void copy(long offset, long length, MemorySegment buffer) {
        if (plan.compress()) {
            compress(offset, length, buffer);
            return;
        }
        for (long done = 0; done < length; ) {
            BlockStatus status = source.status(offset + done, length - done);
            long here = Math.min(status.lengthBytes(), length - done);
            if (plan.allocatedOnly() && !status.allocated()) { // the target's backing file has it
                done += here;
                continue;
            }
            if (status.zero()) {
                zero(offset + done, here);
            } else {
                MemorySegment part = buffer.asSlice(0, here);
                source.file().read(offset + done, part);
                inTurn(offset + done, part);
            }
            done += here;
        }
    }

    private void zero(long offset, long length) {
        if (!plan.targetIsZero()) {
            target.file().writeZeroes(offset, length, true);
        }
    }

    private void inTurn(long offset, MemorySegment part) {
        if (!plan.oneWriter()) {
            write(offset, part);
            return;
        }
        turn.lock();
        try {
            write(offset, part);
        } finally {
            turn.unlock();
        }
    }

    /** Runs of zeroes are left out, the rest is written. */
    private void write(long offset, MemorySegment part) {
        BlockFile file = target.file();
        int step = plan.sparseBytes();
        if (step == 0) {
            file.write(offset, part);
            return;
        }
        long size = part.byteSize();
        for (long from = 0; from < size; ) {
            boolean zero = Zeroes.are(part, from, Math.min(size, from + step));
            long to = Math.min(size, from + step);
            while (to < size && Zeroes.are(part, to, Math.min(size, to + step)) == zero) {
                to = Math.min(size, to + step);
            }
            if (zero) {
                zero(offset + from, to - from);
            } else {
                file.write(offset + from, part.asSlice(from, to - from));
            }
            from = to;
        }
    }

    private void compress(long offset, long length, MemorySegment buffer) {
        Qcow2Node image = (Qcow2Node) target;
        MemorySegment part = buffer.asSlice(0, length);
        source.file().read(offset, part);
        int cluster = image.clusterBytes();
        for (long from = 0; from < length; from += cluster) {
            long to = Math.min(length, from + cluster);
            if (Zeroes.are(part, from, to)) {
                zero(offset + from, to - from);
            } else {
                image.writeCompressed(offset + from, part.asSlice(from, to - from));
            }
        }
    }
}
