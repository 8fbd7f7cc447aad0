package ringside.emulator.block.filter;

import java.util.SplittableRandom;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockCompletion;
import ringside.emulator.block.BlockRequest;
import ringside.emulator.block.LogNormal;
import ringside.emulator.eventloop.LoopContext;
import ringside.emulator.eventloop.LoopTask;

/** A delay node as seen from one loop. It waits for deadlines without CPU. */
final class DelayBackend implements BlockBackend, LoopTask {
    private final LogNormal distribution;
    private final SplittableRandom random;
    private final LoopContext loop;
    private final BlockBackend below;
    private final DeadlineHeap<Slot> ended = new DeadlineHeap<>();
    private Slot free;
    private boolean uncommitted;

    DelayBackend(LogNormal distribution, SplittableRandom random, LoopContext loop, BlockBackend below) {
        this.distribution = distribution;
        this.random = random;
        this.loop = loop;
        this.below = below;
        loop.attach(this);
    }

    /** A request and the one sent below in its place. */
    private final class Slot implements BlockCompletion {
        private final BlockRequest lower = new BlockRequest(this);
        private BlockRequest upper;
        private long deadlineNs;
        private int error;
        private Slot next;

        @Override
        public void completed(BlockRequest request, int outcome) {
            error = outcome;
            if (deadlineNs - System.nanoTime() <= 0) {
                end();
            } else {
                ended.add(deadlineNs, this);
                uncommitted = true;
            }
        }

        private void end() {
            BlockRequest done = upper;
            done.appendedAtBytes = lower.appendedAtBytes;
            int outcome = error;
            upper = null;
            next = free;
            free = this;
            done.completion.completed(done, outcome);
        }
    }

    @Override
    public void submit(BlockRequest request) {
        Slot slot = free;
        if (slot == null) {
            slot = new Slot();
        } else {
            free = slot.next;
        }
        slot.upper = request;
        slot.deadlineNs = System.nanoTime() + distribution.at(random.nextGaussian());
        Requests.copy(request, slot.lower);
        below.submit(slot.lower);
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
        return "delay";
    }

    @Override
    public int pollFd() {
        return -1;
    }

    @Override
    public int doWork() {
        if (ended.firstNs() == Long.MAX_VALUE) {
            return 0;
        }
        int done = 0;
        long now = System.nanoTime();
        for (Slot slot = ended.pollDue(now); slot != null; slot = ended.pollDue(now)) {
            slot.end();
            done++;
        }
        return done;
    }

    @Override
    public boolean prepareToBlock() {
        return false; // the deadline wakes the loop
    }

    @Override
    public long deadlineNs() {
        return ended.firstNs();
    }

    @Override
    public void close() {
        loop.detach(this);
        below.close();
    }
}
