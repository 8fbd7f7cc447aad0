package ringside.emulator.block.filter;

import java.util.Optional;
import ringside.emulator.block.BlkdebugSpec.Injection;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockCompletion;
import ringside.emulator.block.BlockEvent;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.BlockRequest;
import ringside.emulator.eventloop.LoopContext;
import ringside.emulator.eventloop.LoopTask;
import ringside.emulator.ffi.Errno;

/** A blkdebug node as seen from one loop. */
final class BlkdebugBackend implements BlockBackend, LoopTask {
    private final BlkdebugNode node;
    private final LoopContext loop;
    private final BlockBackend below;
    private final DeadlineHeap<Held> held = new DeadlineHeap<>();
    private boolean uncommitted;

    BlkdebugBackend(BlkdebugNode node, LoopContext loop, BlockBackend below) {
        this.node = node;
        this.loop = loop;
        this.below = below;
        loop.attach(this);
    }

    /**
     * A request that a rule has hit.
     *
     * @param errno how it ends; 0: it goes on
     */
    private record Held(BlockRequest request, int errno) {}

    /** A write whose end is an event. */
    private final class Watched implements BlockCompletion {
        private final BlockRequest upper;
        private final BlockRequest lower = new BlockRequest(this);

        private Watched(BlockRequest upper) {
            this.upper = upper;
            Requests.copy(upper, lower);
        }

        @Override
        public void completed(BlockRequest request, int error) {
            node.rules().raise(BlockEvent.PWRITEV_DONE);
            upper.completion.completed(upper, error);
        }
    }

    @Override
    public void submit(BlockRequest request) {
        if (!isAligned(request)) {
            request.completion.completed(request, Errno.EINVAL);
            return;
        }
        node.raiseBefore(request.op);
        Optional<Injection> fault =
                node.rules().hit(BlkdebugNode.ioType(request.op), request.offsetBytes, request.lengthBytes);
        if (fault.isEmpty()) {
            pass(request);
        } else if (fault.get().immediately() && fault.get().errno() != 0) {
            request.completion.completed(request, fault.get().errno());
        } else {
            held.add(
                    System.nanoTime() + fault.get().latencyNs(),
                    new Held(request, fault.get().errno()));
            uncommitted = true;
        }
    }

    private boolean isAligned(BlockRequest request) {
        boolean transfers = request.op == BlockOp.READ || request.op == BlockOp.WRITE;
        return node.alignBytes() == 0
                || !transfers
                || (request.offsetBytes | request.lengthBytes) % node.alignBytes() == 0;
    }

    private void pass(BlockRequest request) {
        below.submit(node.watchesEnd(request.op) ? new Watched(request).lower : request);
    }

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
        return "blkdebug";
    }

    @Override
    public int pollFd() {
        return -1;
    }

    @Override
    public int doWork() {
        if (held.firstNs() == Long.MAX_VALUE) {
            return 0;
        }
        int done = 0;
        long now = System.nanoTime();
        for (Held due = held.pollDue(now); due != null; due = held.pollDue(now)) {
            done++;
            if (due.errno == 0) {
                pass(due.request);
            } else {
                due.request.completion.completed(due.request, due.errno);
            }
        }
        if (done > 0) {
            below.commit();
        }
        return done;
    }

    @Override
    public boolean prepareToBlock() {
        return false; // the deadline wakes the loop
    }

    @Override
    public long deadlineNs() {
        return held.firstNs();
    }

    @Override
    public void close() {
        loop.detach(this);
        below.close();
    }
}
