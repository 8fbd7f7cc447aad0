package ringside.emulator.block.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import ringside.emulator.block.BlockIoException;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.BlockRequest;
import ringside.emulator.ffi.Errno;

/** The thread that appends to the log what loops have done: many changes with one write. */
final class LogWriter implements AutoCloseable {
    private static final int MAX_BATCH = 256;

    private final LogWritesNode node;
    private final LinkedBlockingQueue<Change> queue = new LinkedBlockingQueue<>();
    private final Thread thread;

    LogWriter(LogWritesNode node) {
        this.node = node;
        this.thread = Thread.ofPlatform().daemon().name("log-writes").start(this::run);
    }

    /** A change that has ended below. */
    interface Change {
        /** What was asked for; its buffers are still the layer's below. */
        BlockRequest request();

        /** It is in the log, or not. Called on the thread of the log. */
        void logged(int error);
    }

    /** Any thread. */
    void add(Change change) {
        queue.add(change);
    }

    private void run() {
        List<Change> batch = new ArrayList<>(MAX_BATCH);
        try {
            while (true) {
                batch.add(queue.take());
                queue.drainTo(batch, MAX_BATCH - 1);
                int error = append(batch);
                for (Change change : batch) {
                    change.logged(error);
                }
                batch.clear();
            }
        } catch (InterruptedException _) {
            // The node is closed; nothing is in flight.
        }
    }

    private int append(List<Change> batch) {
        WriteLog log = node.log();
        log.lock().lock();
        WriteLog.End before = log.end();
        try {
            boolean flush = false;
            for (Change change : batch) {
                append(change.request());
                flush |= change.request().op == BlockOp.FLUSH;
            }
            log.writeOut();
            if (flush) {
                log.makeStable();
            }
            return 0;
        } catch (BlockIoException e) {
            log.cutTo(before);
            return e.errno();
        } catch (RuntimeException e) {
            log.cutTo(before);
            System.getLogger(LogWriter.class.getName())
                    .log(System.Logger.Level.ERROR, () -> "log-writes: cannot append: " + e);
            return Errno.EIO;
        } finally {
            log.lock().unlock();
        }
    }

    private void append(BlockRequest request) {
        WriteLog log = node.log();
        int sector = log.sectorBytes();
        long from = request.offsetBytes / sector;
        long count = request.lengthBytes / sector;
        long flags = request.fua ? LogFormat.FUA : 0;
        boolean whole = node.wholeSectors(request.offsetBytes, request.lengthBytes);
        if (request.op == BlockOp.FLUSH) {
            log.entry(0, 0, LogFormat.FLUSH);
        } else if (request.op == BlockOp.DISCARD) {
            discard(request);
        } else if (!whole) {
            node.appendSectorsAround(request.offsetBytes, request.lengthBytes, flags);
        } else {
            log.entry(from, count, flags);
            data(request, log);
        }
    }

    /** Whole sectors only: a part of one that the log gave up would take its rest along. */
    private void discard(BlockRequest request) {
        int sector = node.log().sectorBytes();
        long from = (request.offsetBytes + sector - 1) / sector;
        long to = (request.offsetBytes + request.lengthBytes) / sector;
        if (to > from) {
            node.log().entry(from, to - from, LogFormat.DISCARD);
        }
    }

    private static void data(BlockRequest request, WriteLog log) {
        if (request.op != BlockOp.WRITE) {
            log.zeroes(request.lengthBytes);
            return;
        }
        int end = request.segmentFirst + request.segmentCount;
        for (int i = request.segmentFirst; i < end; i++) {
            log.data(request.segmentAddress[i], request.segmentBytes[i]);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
