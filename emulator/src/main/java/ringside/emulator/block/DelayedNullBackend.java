package ringside.emulator.block;

import java.util.Arrays;
import ringside.emulator.eventloop.LoopContext;
import ringside.emulator.eventloop.LoopTask;
import ringside.emulator.trace.TracePoint;

/**
 * Completes each request a fixed time after its submission. The delay is constant, so deadlines come in order and a
 * ring is enough; it grows to the largest number in flight and then stays.
 */
final class DelayedNullBackend implements BlockBackend, LoopTask {
    private final LoopContext loop;
    private final long latencyNs;
    private final boolean readZeroes;
    private BlockRequest[] requests = new BlockRequest[64];
    private long[] deadlines = new long[64];
    private int first;
    private int count;
    private boolean uncommitted;

    DelayedNullBackend(LoopContext loop, long latencyNs, boolean readZeroes) {
        this.loop = loop;
        this.latencyNs = latencyNs;
        this.readZeroes = readZeroes;
        loop.attach(this);
    }

    @Override
    public void submit(BlockRequest request) {
        if (request.timeline != null) {
            request.timeline.stamp(request.timelineHead, TracePoint.BLOCK_SUBMIT);
        }
        if (count == requests.length) {
            grow();
        }
        int slot = (first + count) & (requests.length - 1);
        requests[slot] = request;
        deadlines[slot] = System.nanoTime() + latencyNs;
        count++;
        uncommitted = true;
    }

    private void grow() {
        int size = requests.length;
        BlockRequest[] moreRequests = new BlockRequest[2 * size];
        long[] moreDeadlines = new long[2 * size];
        for (int i = 0; i < count; i++) {
            int slot = (first + i) & (size - 1);
            moreRequests[i] = requests[slot];
            moreDeadlines[i] = deadlines[slot];
        }
        Arrays.fill(requests, null);
        requests = moreRequests;
        deadlines = moreDeadlines;
        first = 0;
    }

    /** Under the big lock a vCPU may submit while the loop sleeps towards a later deadline, or none. */
    @Override
    public void commit() {
        if (uncommitted) {
            uncommitted = false;
            loop.wake();
        }
    }

    @Override
    public String roleName() {
        return "null";
    }

    @Override
    public int pollFd() {
        return -1;
    }

    @Override
    public int doWork() {
        if (count == 0) {
            return 0;
        }
        long now = System.nanoTime();
        int done = 0;
        while (count > 0 && deadlines[first] - now <= 0) {
            BlockRequest request = requests[first];
            requests[first] = null;
            first = (first + 1) & (requests.length - 1);
            count--;
            done++;
            if (readZeroes) {
                Segments.zeroIfRead(request);
            }
            request.completion.completed(request, 0);
        }
        return done;
    }

    @Override
    public boolean prepareToBlock() {
        return false; // the deadline wakes the loop
    }

    @Override
    public long deadlineNs() {
        return count == 0 ? Long.MAX_VALUE : deadlines[first];
    }

    @Override
    public void close() {
        loop.detach(this);
    }
}
