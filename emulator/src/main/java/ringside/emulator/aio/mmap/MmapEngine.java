package ringside.emulator.aio.mmap;

import java.util.ArrayList;
import java.util.List;
import ringside.emulator.aio.AioCounters;
import ringside.emulator.aio.AioEngine;
import ringside.emulator.aio.AioOp;
import ringside.emulator.aio.AioOpcode;
import ringside.emulator.aio.AioQueue;
import ringside.emulator.aio.IovecArray;
import ringside.emulator.ffi.Errno;
import ringside.emulator.trace.TracePoint;

/**
 * aio=mmap: reads and writes are copies on the loop, without a system call. What the page cache does not hold stops the
 * loop, and with it every queue on it, until the disk has answered: this engine is for images that memory holds.
 *
 * <p>What must be stable before it completes (fdatasync, writes with RWF_DSYNC) and what changes the file's blocks
 * (fallocate) goes to the loop's worker threads; mapping and system calls see the same page cache.
 */
public final class MmapEngine implements AioEngine {
    private final AioCounters counters;
    private final AioEngine workers;
    private final List<FileMapping> mappings = new ArrayList<>();
    private final AioQueue queued = new AioQueue();
    private int inFlight;
    private boolean workersHaveMore;
    private boolean committing;

    /** @param workers the same loop's worker threads */
    public MmapEngine(AioCounters counters, AioEngine workers) {
        this.counters = counters;
        this.workers = workers;
    }

    @Override
    public void attachFile(int fd) {
        mappings.add(new FileMapping(fd));
    }

    @Override
    public void detachFile(int fd) {
        mappings.removeIf(mapping -> {
            if (!mapping.isOf(fd)) {
                return false;
            }
            mapping.close();
            return true;
        });
    }

    @Override
    public void submit(AioOp op) {
        boolean copies = op.flags == 0 && op.opcode != AioOpcode.FALLOCATE && op.opcode != AioOpcode.FDATASYNC;
        if (!copies) {
            workers.submit(op);
            workersHaveMore = true;
            return;
        }
        op.begin();
        queued.add(op);
        inFlight++;
    }

    @Override
    public void commit() {
        if (committing) {
            return; // a completion has submitted more: the loop below takes it
        }
        committing = true;
        try {
            executeQueued();
        } finally {
            committing = false;
        }
        if (workersHaveMore) {
            workersHaveMore = false;
            workers.commit();
        }
    }

    private void executeQueued() {
        int done = 0;
        for (AioOp op = queued.poll(); op != null; op = queued.poll()) {
            execute(op);
            done++;
        }
        if (done > 0) {
            counters.batch(done);
        }
    }

    private void execute(AioOp op) {
        if (op.timeline != null) {
            op.timeline.stamp(op.timelineHead, TracePoint.AIO_SUBMIT);
        }
        FileMapping mapping = mappingOf(op.fd);
        try {
            while (!op.absorb(mapping == null ? -Errno.EBADF : copy(mapping, op))) {
                continue; // short at the end of one iovec, so that the next one follows
            }
        } catch (InternalError e) {
            // The JVM's word for a page that cannot be had: file cut short, disk full, bad sector. It may come after
            // the
            // copy has returned, hence around all of it.
            op.absorb(-Errno.EIO);
        }
        if (op.timeline != null) {
            op.timeline.stamp(op.timelineHead, TracePoint.AIO_COMPLETE);
        }
        inFlight--;
        op.completion.completed(op);
    }

    private FileMapping mappingOf(int fd) {
        for (int i = 0; i < mappings.size(); i++) {
            if (mappings.get(i).isOf(fd)) {
                return mappings.get(i);
            }
        }
        return null;
    }

    private static long copy(FileMapping mapping, AioOp op) {
        long offset = op.offsetBytes + op.doneBytes();
        return switch (op.opcode) {
            case READ -> mapping.read(op.address + op.doneBytes(), op.remainingBytes(), offset);
            case WRITE -> mapping.write(op.address + op.doneBytes(), op.remainingBytes(), offset);
            case READV, WRITEV -> vectored(mapping, op, offset);
            case FDATASYNC, FALLOCATE -> throw new IllegalStateException(op.opcode + " is delegated");
        };
    }

    /** All iovecs, up to the end of the image; {@link AioOp#absorb} has moved them past what was done. */
    private static long vectored(FileMapping mapping, AioOp op, long offset) {
        long done = 0;
        for (int i = 0; i < op.iovCount; i++) {
            long address = IovecArray.base(op.address, i);
            long length = IovecArray.length(op.address, i);
            long moved = op.opcode == AioOpcode.READV
                    ? mapping.read(address, length, offset + done)
                    : mapping.write(address, length, offset + done);
            if (moved < 0) {
                return done > 0 ? done : moved;
            }
            done += moved;
            if (moved < length) {
                return done;
            }
        }
        return done;
    }

    @Override
    public void countBounce() {
        counters.bounce();
    }

    @Override
    public int inFlight() {
        return inFlight;
    }

    @Override
    public String roleName() {
        return "aio-mmap";
    }

    @Override
    public int pollFd() {
        return -1;
    }

    /** What a completion submitted outside a batch of its device. */
    @Override
    public int doWork() {
        int before = inFlight;
        if (before > 0 || workersHaveMore) {
            commit();
        }
        return before - inFlight;
    }

    @Override
    public boolean prepareToBlock() {
        return !queued.isEmpty() || workersHaveMore;
    }

    @Override
    public void close() {
        mappings.forEach(FileMapping::close);
        mappings.clear();
    }
}
