package ringside.emulator.block.filter;

import java.util.concurrent.ConcurrentLinkedQueue;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockCompletion;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.BlockRequest;
import ringside.emulator.eventloop.LoopContext;
import ringside.emulator.eventloop.LoopTask;

/** A log-writes node as seen from one loop. Reads pass; changes go to the log when they have ended below. */
final class LogWritesBackend implements BlockBackend, LoopTask {
    private final LogWritesNode node;
    private final LoopContext loop;
    private final BlockBackend below;
    private final ConcurrentLinkedQueue<Slot> logged = new ConcurrentLinkedQueue<>();
    private Slot free;

    LogWritesBackend(LogWritesNode node, LoopContext loop, BlockBackend below) {
        this.node = node;
        this.loop = loop;
        this.below = below;
        loop.attach(this);
    }

    /** A change and the one sent below in its place. */
    private final class Slot implements BlockCompletion, LogWriter.Change {
        private final BlockRequest lower = new BlockRequest(this);
        private BlockRequest upper;
        private int error;
        private long flushNumber;
        private Slot next;

        @Override
        public void completed(BlockRequest request, int outcome) {
            boolean flush = lower.op == BlockOp.FLUSH;
            if (outcome != 0) {
                if (flush) {
                    node.fence().flushed(flushNumber);
                }
                error = outcome;
                end();
            } else if (flush) {
                node.writer().add(this);
            } else {
                node.fence().changed(this);
            }
        }

        @Override
        public BlockRequest request() {
            return lower;
        }

        @Override
        public void logged(int outcome) {
            if (lower.op == BlockOp.FLUSH) {
                node.fence().flushed(flushNumber);
            }
            error = outcome;
            logged.add(this);
            loop.wake();
        }

        private void end() {
            BlockRequest done = upper;
            int outcome = error;
            upper = null;
            next = free;
            free = this;
            done.completion.completed(done, outcome);
        }
    }

    @Override
    public void submit(BlockRequest request) {
        if (request.op == BlockOp.READ) {
            below.submit(request);
            return;
        }
        Slot slot = free;
        if (slot == null) {
            slot = new Slot();
        } else {
            free = slot.next;
        }
        slot.upper = request;
        Requests.copy(request, slot.lower);
        if (request.op == BlockOp.FLUSH) {
            slot.flushNumber = node.fence().flushBegins();
        }
        below.submit(slot.lower);
    }

    @Override
    public void commit() {
        below.commit();
    }

    @Override
    public String roleName() {
        return "log-writes";
    }

    @Override
    public int pollFd() {
        return -1;
    }

    @Override
    public int doWork() {
        int done = 0;
        for (Slot slot = logged.poll(); slot != null; slot = logged.poll()) {
            slot.end();
            done++;
        }
        return done;
    }

    /** Whoever adds later wakes the loop. */
    @Override
    public boolean prepareToBlock() {
        return !logged.isEmpty();
    }

    @Override
    public void close() {
        loop.detach(this);
        below.close();
    }
}
