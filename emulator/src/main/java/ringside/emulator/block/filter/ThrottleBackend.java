package ringside.emulator.block.filter;

import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.BlockRequest;
import ringside.emulator.eventloop.LoopContext;
import ringside.emulator.eventloop.LoopTask;

/** A throttle node as seen from one loop: requests that must wait do so here, without CPU, in their order. */
final class ThrottleBackend implements BlockBackend, LoopTask, ThrottleGroup.Member {
    private final ThrottleGroup group;
    private final LoopContext loop;
    private final BlockBackend below;
    private final Lane reads = new Lane(false);
    private final Lane writes = new Lane(true);
    private boolean uncommitted;

    ThrottleBackend(ThrottleGroup group, LoopContext loop, BlockBackend below) {
        this.group = group;
        this.loop = loop;
        this.below = below;
        loop.attach(this);
    }

    /** The waiting requests of one kind. */
    private final class Lane {
        private final RequestQueue waiting = new RequestQueue();
        private final boolean write;
        private long nextTryNs = Long.MAX_VALUE;
        private volatile boolean turn;

        private Lane(boolean write) {
            this.write = write;
        }

        private void submit(BlockRequest request) {
            long now = System.nanoTime();
            if (waiting.isEmpty()) {
                long wait = group.admit(ThrottleBackend.this, write, request.lengthBytes, true, false, now);
                if (wait == 0) {
                    below.submit(request);
                    return;
                }
                tryAgain(now, wait);
            }
            waiting.add(request);
        }

        private void tryAgain(long now, long wait) {
            nextTryNs = wait == ThrottleGroup.NOT_YOUR_TURN ? Long.MAX_VALUE : now + wait;
            uncommitted = true;
        }

        /** Submits what may go now; returns how many. */
        private int drain() {
            boolean told = turn;
            if (waiting.isEmpty() || !told && nextTryNs == Long.MAX_VALUE) {
                return 0;
            }
            long now = System.nanoTime();
            if (!told && nextTryNs - now > 0) {
                return 0;
            }
            turn = false;
            int done = 0;
            while (!waiting.isEmpty()) {
                long length = waiting.first().lengthBytes;
                long wait = group.admit(ThrottleBackend.this, write, length, false, waiting.size() > 1, now);
                if (wait > 0) {
                    tryAgain(now, wait);
                    break;
                }
                below.submit(waiting.remove());
                done++;
            }
            if (waiting.isEmpty()) {
                nextTryNs = Long.MAX_VALUE;
            }
            return done;
        }
    }

    @Override
    public void yourTurn(boolean write) {
        (write ? writes : reads).turn = true;
        loop.wake();
    }

    @Override
    public void submit(BlockRequest request) {
        if (request.op == BlockOp.FLUSH) {
            below.submit(request);
        } else {
            (Requests.changes(request.op) ? writes : reads).submit(request);
        }
    }

    /** Under the big lock a vCPU may submit while the loop sleeps towards a later deadline, or none. */
    @Override
    public void commit() {
        below.commit();
        if (uncommitted) {
            uncommitted = false;
            loop.wake();
        }
    }

    @Override
    public String roleName() {
        return "throttle";
    }

    @Override
    public int pollFd() {
        return -1;
    }

    @Override
    public int doWork() {
        int done = reads.drain() + writes.drain();
        if (done > 0) {
            below.commit();
        }
        return done;
    }

    /** Whoever gives the turn later wakes the loop. */
    @Override
    public boolean prepareToBlock() {
        return !reads.waiting.isEmpty() && reads.turn || !writes.waiting.isEmpty() && writes.turn;
    }

    @Override
    public long deadlineNs() {
        long read = reads.nextTryNs;
        long write = writes.nextTryNs;
        if (read == Long.MAX_VALUE || write == Long.MAX_VALUE) {
            return Math.min(read, write);
        }
        return read - write <= 0 ? read : write;
    }

    @Override
    public void close() {
        loop.detach(this);
        below.close();
    }
}
