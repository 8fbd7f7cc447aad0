package ringside.emulator.block.filter;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import ringside.emulator.block.BlockEvent;
import ringside.emulator.block.BlockEvents;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.BlockIoException;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockStatus;
import ringside.emulator.ffi.Errno;

/**
 * The thread that copies, one range after another. A copy and a write of the same range must not overlap, or the copy could put old data
 * over new: writes to what is not known to be in the image are told to the copier, and one of them waits while the other goes on.
 */
final class Copier implements AutoCloseable {
    private static final long STEP_BYTES = 1 << 20;
    private static final int ALIGN_BYTES = 4096;

    private final BlockNode image;
    private final BlockFile file;
    private final BlockEvents events;
    private final AllocationMap known;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("copy-on-read").factory());
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(STEP_BYTES, ALIGN_BYTES);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition writeEnded = lock.newCondition();
    private final List<Write> writes = new ArrayList<>();
    private final List<Write> waiting = new ArrayList<>();
    private long copyFrom;
    private long copyTo;

    Copier(BlockNode image) {
        this.image = image;
        this.file = image.file();
        this.events = image.events();
        this.known = new AllocationMap(image.lengthBytes());
    }

    /** A write that a copy might meet. */
    interface Write {
        /** First byte that is written. */
        long fromBytes();

        /** First byte behind. */
        long toBytes();

        /** The write may begin; on the thread of the copier. */
        void proceed();
    }

    /** What is known to be in the image. */
    AllocationMap known() {
        return known;
    }

    /** Takes note of a write. Returns whether it may begin now; otherwise it is told later. */
    boolean enter(Write write) {
        lock.lock();
        try {
            if (write.fromBytes() < copyTo && copyFrom < write.toBytes()) {
                waiting.add(write);
                return false;
            }
            writes.add(write);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** A write has ended. */
    void leave(Write write) {
        lock.lock();
        try {
            writes.remove(write);
            writeEnded.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Told when a range has been copied: 0 or a positive errno; on the thread of the copier. */
    interface Copied {
        void copied(int error);
    }

    /** Copies what is missing of a range. Any thread. */
    void copy(long offsetBytes, long lengthBytes, Copied then) {
        thread.execute(() -> then.copied(copyNow(offsetBytes, lengthBytes)));
    }

    private int copyNow(long offsetBytes, long lengthBytes) {
        if (known.covers(offsetBytes, lengthBytes)) {
            return 0; // an earlier copy has done it
        }
        long granule = AllocationMap.GRANULE_BYTES;
        long from = offsetBytes / granule * granule;
        long to = Math.min((offsetBytes + lengthBytes + granule - 1) / granule * granule, image.lengthBytes());
        begin(from, to);
        try {
            copyMissing(from, to);
            known.add(from, to - from, image.lengthBytes());
            return 0;
        } catch (BlockIoException e) {
            return e.errno();
        } catch (RuntimeException e) {
            System.getLogger(Copier.class.getName())
                    .log(System.Logger.Level.ERROR, () -> "copy-on-read: cannot copy: " + e);
            return Errno.EIO;
        } finally {
            end();
        }
    }

    private void begin(long from, long to) {
        lock.lock();
        try {
            while (writes.stream().anyMatch(write -> write.fromBytes() < to && from < write.toBytes())) {
                writeEnded.awaitUninterruptibly();
            }
            copyFrom = from;
            copyTo = to;
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        List<Write> free;
        lock.lock();
        try {
            copyFrom = 0;
            copyTo = 0;
            free = List.copyOf(waiting);
            writes.addAll(waiting);
            waiting.clear();
        } finally {
            lock.unlock();
        }
        free.forEach(Write::proceed);
    }

    private void copyMissing(long from, long to) {
        for (long at = from; at < to; ) {
            BlockStatus status = image.status(at, Math.min(to - at, STEP_BYTES));
            long length = Math.min(status.lengthBytes(), Math.min(to - at, STEP_BYTES));
            if (!status.allocated()) {
                MemorySegment data = buffer.asSlice(0, length);
                file.read(at, data);
                events.raise(BlockEvent.COR_WRITE);
                file.write(at, data);
            }
            at += length;
        }
    }

    @Override
    public void close() {
        thread.close();
        arena.close();
    }
}
