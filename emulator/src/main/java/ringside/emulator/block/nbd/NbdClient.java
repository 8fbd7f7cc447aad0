package ringside.emulator.block.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import ringside.emulator.block.NbdSpec;
import ringside.emulator.ffi.Errno;

/**
 * The client: commands of all loops over one connection, any number in flight. One thread sends, one receives and connects anew when the server is
 * lost; commands then wait as long as they may and are given again, or end with EIO.
 */
final class NbdClient implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(NbdClient.class.getName());
    private static final long HANDSHAKE_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long GOODBYE_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private final NbdSpec spec;
    private final NbdExport export;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<NbdOp> queue = new ArrayDeque<>();
    private final List<NbdOp> table = new ArrayList<>();
    private final List<Integer> freeIndexes = new ArrayList<>();
    private final Thread sender;
    private final Thread receiver;
    private NbdLink link;
    private boolean closed;

    /** How many commands have been given: what makes a cookie that of one command only. */
    private int generations;

    /** Until when commands wait for a lost server. */
    private long waitUntilNs;

    /** @throws IllegalArgumentException when there is no such export: one line */
    NbdClient(NbdSpec spec) {
        this.spec = spec;
        NbdLink.address(spec.server());
        try {
            link = NbdLink.connect(spec.server());
            export = handshake(link);
        } catch (IOException | NbdException e) {
            closeQuietly();
            throw new IllegalArgumentException(
                    "nbd: " + spec.server() + ": " + e.getMessage() + "; is the server running?", e);
        }
        sender = Thread.ofPlatform().daemon().name("nbd-send").start(this::send);
        receiver = Thread.ofPlatform().daemon().name("nbd-receive").start(this::receive);
    }

    private void closeQuietly() {
        if (link != null) {
            link.close();
        }
    }

    /** A server that says nothing is not waited for: its connection is closed by a timer. */
    private NbdExport handshake(NbdLink fresh) throws IOException {
        Thread timer = closeAfter(fresh, HANDSHAKE_NS);
        try {
            return NbdHandshake.of(fresh, spec.export());
        } catch (AsynchronousCloseException e) {
            throw new NbdException("the server did not finish the handshake in time", e);
        } finally {
            timer.interrupt();
        }
    }

    /** Closes a connection, unless the thread that is returned is interrupted in time. */
    private static Thread closeAfter(NbdLink link, long ns) {
        return Thread.ofVirtual().start(() -> {
            try {
                TimeUnit.NANOSECONDS.sleep(ns);
                link.close();
            } catch (InterruptedException _) {
                // It came in time.
            }
        });
    }

    NbdExport export() {
        return export;
    }

    /** Gives a command. Any thread; does not wait for the server. */
    void submit(NbdOp op) {
        boolean lost;
        lock.lock();
        try {
            lost = closed || link == null && System.nanoTime() - waitUntilNs >= 0;
            if (!lost) {
                enlist(op);
                queue.addLast(op);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        if (lost) {
            op.handler.ended(op, Errno.EIO);
        }
    }

    private void enlist(NbdOp op) {
        if (op.index < 0) {
            op.index = freeIndexes.isEmpty() ? table.size() : freeIndexes.removeLast();
            if (op.index == table.size()) {
                table.add(op);
            } else {
                table.set(op.index, op);
            }
        }
        op.generation = ++generations;
        reset(op);
    }

    private static void reset(NbdOp op) {
        op.sent = false;
        op.error = 0;
        op.receivedBytes = 0;
        op.extentBytes = 0;
    }

    private NbdOp find(long cookie) {
        lock.lock();
        try {
            int index = (int) cookie;
            NbdOp op = index >= 0 && index < table.size() ? table.get(index) : null;
            return op != null && op.sent && op.cookie() == cookie ? op : null;
        } finally {
            lock.unlock();
        }
    }

    private void done(NbdOp op) {
        end(op, op.error);
    }

    /** The slot is its owner's again. One that is used once makes room in the table. */
    private void end(NbdOp op, int error) {
        lock.lock();
        try {
            op.sent = false;
            if (op.once && op.index >= 0) {
                table.set(op.index, null);
                freeIndexes.add(op.index);
                op.index = -1;
            }
        } finally {
            lock.unlock();
        }
        op.handler.ended(op, error);
    }

    // ---- the sending thread

    private void send() {
        for (NbdLink to = awaitWork(); to != null; to = awaitWork()) {
            try {
                for (NbdOp op = next(to); op != null; op = next(to)) {
                    write(to, op);
                }
                to.flush();
            } catch (IOException _) {
                to.close(); // the receiving thread sees it and decides what becomes of the commands
            }
        }
    }

    /** Waits until there is something to send and somebody to send it to; null: the client is closed. */
    private NbdLink awaitWork() {
        while (true) {
            List<NbdOp> expired = List.of();
            lock.lock();
            try {
                if (closed) {
                    return null;
                }
                if (!queue.isEmpty() && link != null) {
                    return link;
                }
                if (queue.isEmpty() || link != null) {
                    changed.awaitUninterruptibly();
                } else {
                    expired = awaitServer();
                }
            } finally {
                lock.unlock();
            }
            expired.forEach(op -> end(op, Errno.EIO));
        }
    }

    /** Commands wait for a lost server, but not for ever. Returns those that have waited long enough. */
    private List<NbdOp> awaitServer() {
        long left = waitUntilNs - System.nanoTime();
        if (left <= 0) {
            return drainQueue();
        }
        try {
            changed.awaitNanos(left);
        } catch (InterruptedException _) {
            // Nobody interrupts this thread to any purpose.
        }
        return List.of();
    }

    private List<NbdOp> drainQueue() {
        List<NbdOp> all = List.copyOf(queue);
        queue.clear();
        return all;
    }

    private NbdOp next(NbdLink to) {
        lock.lock();
        try {
            NbdOp op = link == to ? queue.pollFirst() : null;
            if (op != null) {
                op.sent = true;
            }
            return op;
        } finally {
            lock.unlock();
        }
    }

    private static void write(NbdLink to, NbdOp op) throws IOException {
        ByteBuffer out = to.room(Nbd.REQUEST_BYTES);
        out.putInt(Nbd.REQUEST_MAGIC)
                .putShort(op.flags)
                .putShort(op.command)
                .putLong(op.cookie())
                .putLong(op.offsetBytes)
                .putInt(op.lengthBytes);
        if (op.command == Nbd.CMD_WRITE) {
            op.eachPiece(0, op.lengthBytes, to::write);
        }
    }

    // ---- the receiving thread

    private void receive() {
        NbdLink from = current();
        while (from != null) {
            String reason = readUntilFailure(from);
            from.close();
            lost(reason);
            from = reconnect();
        }
    }

    private NbdLink current() {
        lock.lock();
        try {
            return closed ? null : link;
        } finally {
            lock.unlock();
        }
    }

    private String readUntilFailure(NbdLink from) {
        NbdReplies replies = new NbdReplies(from, export, new NbdReplies.InFlight() {
            @Override
            public NbdOp find(long cookie) {
                return NbdClient.this.find(cookie);
            }

            @Override
            public void done(NbdOp op) {
                NbdClient.this.done(op);
            }
        });
        try {
            while (true) {
                replies.readOne();
            }
        } catch (ClosedChannelException _) {
            return "the connection is closed";
        } catch (IOException | NbdException e) {
            return e.getMessage();
        } catch (RuntimeException e) {
            return e.toString();
        }
    }

    /** The connection is gone: its commands wait for the next, or fail. */
    private void lost(String reason) {
        List<NbdOp> failed = new ArrayList<>();
        lock.lock();
        try {
            link = null;
            if (!closed) {
                LOG.log(System.Logger.Level.ERROR, () -> "nbd: " + spec.server() + ": " + reason);
            }
            waitUntilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(closed ? 0 : spec.reconnectDelaySeconds());
            for (NbdOp op : table) {
                if (op != null && op.sent) {
                    reset(op);
                    failed.add(op);
                }
            }
            if (!closed && spec.reconnectDelaySeconds() > 0) {
                failed.reversed().forEach(queue::addFirst);
                failed.clear();
            } else {
                failed.addAll(drainQueue());
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        failed.forEach(op -> end(op, Errno.EIO));
    }

    /** Tries until it succeeds or the client is closed, which gives null. */
    private NbdLink reconnect() {
        while (!isClosed()) {
            NbdLink fresh = null;
            try {
                fresh = NbdLink.connect(spec.server());
                if (isSameExport(handshake(fresh)) && adopt(fresh)) {
                    LOG.log(System.Logger.Level.INFO, () -> "nbd: " + spec.server() + ": connected again");
                    return fresh;
                }
            } catch (IOException | RuntimeException _) {
                // Not yet: the loss has been reported.
            }
            if (fresh != null) {
                fresh.close();
            }
            pause();
        }
        return null;
    }

    private boolean isSameExport(NbdExport found) {
        return found.equals(export);
    }

    private boolean adopt(NbdLink fresh) {
        lock.lock();
        try {
            if (!closed) {
                link = fresh;
                changed.signalAll();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private void pause() {
        lock.lock();
        try {
            if (!closed) {
                changed.awaitNanos(RETRY_NS);
            }
        } catch (InterruptedException _) {
            // Nobody interrupts this thread to any purpose.
        } finally {
            lock.unlock();
        }
    }

    /** Says goodbye, and does not wait long for a server that no longer listens. What is in flight ends with EIO. */
    @Override
    public void close() {
        NbdLink last;
        lock.lock();
        try {
            closed = true;
            last = link;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (last == null) {
            join(sender);
        } else {
            Thread timer = closeAfter(last, GOODBYE_NS);
            join(sender);
            disconnect(last);
            timer.interrupt();
        }
        join(receiver);
    }

    private static void disconnect(NbdLink last) {
        try {
            last.room(Nbd.REQUEST_BYTES)
                    .putInt(Nbd.REQUEST_MAGIC)
                    .putShort((short) 0)
                    .putShort(Nbd.CMD_DISC)
                    .putLong(0)
                    .putLong(0)
                    .putInt(0);
            last.flush();
        } catch (IOException _) {
            // It is gone already.
        }
        last.close();
    }

    private static void join(Thread thread) {
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
