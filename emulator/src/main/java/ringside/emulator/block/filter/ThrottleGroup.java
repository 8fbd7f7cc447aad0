package ringside.emulator.block.filter;

import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import ringside.emulator.block.ThrottleLimits;

/**
 * Limits that one or several nodes share, on any number of loops. Members with waiting requests take turns, one request each, reads
 * and writes apart (QEMU: throttle groups). The lock is held for a few additions only.
 */
final class ThrottleGroup {
    /** The answer to a member whose turn it is not: it will be woken. */
    static final long NOT_YOUR_TURN = Long.MAX_VALUE;

    private static final int READ = 0;
    private static final int WRITE = 1;

    private final ThrottleLimits limits;
    private final ReentrantLock lock = new ReentrantLock();
    private final LeakyBucket bytesTotal;
    private final LeakyBucket requestsTotal;
    private final LeakyBucket[] bytes;
    private final LeakyBucket[] requests;
    private final TurnQueue reading = new TurnQueue();
    private final TurnQueue writing = new TurnQueue();
    private long leakedNs;

    ThrottleGroup(ThrottleLimits limits, long nowNs) {
        this.limits = limits;
        this.leakedNs = nowNs;
        bytesTotal = new LeakyBucket(limits.bpsTotal());
        requestsTotal = new LeakyBucket(limits.iopsTotal());
        bytes = new LeakyBucket[] {new LeakyBucket(limits.bpsRead()), new LeakyBucket(limits.bpsWrite())};
        requests = new LeakyBucket[] {new LeakyBucket(limits.iopsRead()), new LeakyBucket(limits.iopsWrite())};
    }

    /** A node on a loop: told when its turn has come. */
    interface Member {
        /** Any thread, without the group's lock being needed: try again now. */
        void yourTurn(boolean write);
    }

    /** The members that wait with one kind of request, in the order of their turns. */
    private static final class TurnQueue {
        private final ArrayDeque<Member> members = new ArrayDeque<>();

        private boolean isTurnOf(Member member) {
            return members.isEmpty() || members.peekFirst() == member;
        }
    }

    ThrottleLimits limits() {
        return limits;
    }

    /**
     * Lets a request of a member go, or has the member wait for its turn.
     *
     * @param first whether the member does not wait with requests of this kind yet
     * @param more whether the member has further requests of this kind waiting behind this one
     * @return 0 when the request may go, else for how many ns it must wait before the member asks again
     */
    long admit(Member member, boolean write, long lengthBytes, boolean first, boolean more, long nowNs) {
        TurnQueue queue = write ? writing : reading;
        Member next = null;
        long wait = NOT_YOUR_TURN;
        lock.lock();
        try {
            if (queue.isTurnOf(member)) {
                wait = take(write, lengthBytes, nowNs);
            }
            if (wait > 0 && first) {
                queue.members.addLast(member);
            } else if (wait == 0 && !first) {
                queue.members.pollFirst();
                if (more) {
                    queue.members.addLast(member);
                }
                next = queue.members.peekFirst() == member ? null : queue.members.peekFirst();
            }
        } finally {
            lock.unlock();
        }
        if (next != null) {
            next.yourTurn(write);
        }
        return wait;
    }

    /** The same for a blocking call, which does not wait for turns. */
    long admit(boolean write, long lengthBytes, long nowNs) {
        lock.lock();
        try {
            return take(write, lengthBytes, nowNs);
        } finally {
            lock.unlock();
        }
    }

    private long take(boolean write, long lengthBytes, long nowNs) {
        leak(nowNs);
        int kind = write ? WRITE : READ;
        double wait = Math.max(
                Math.max(bytesTotal.waitNs(), requestsTotal.waitNs()),
                Math.max(bytes[kind].waitNs(), requests[kind].waitNs()));
        if (wait > 0) {
            return (long) Math.ceil(wait);
        }
        double count = limits.iopsSizeBytes() > 0 ? Math.max(1, (double) lengthBytes / limits.iopsSizeBytes()) : 1;
        bytesTotal.add(lengthBytes);
        bytes[kind].add(lengthBytes);
        requestsTotal.add(count);
        requests[kind].add(count);
        return 0;
    }

    /** Times come from several threads, so one may be a little older than the last. */
    private void leak(long nowNs) {
        long elapsed = nowNs - leakedNs;
        if (elapsed <= 0) {
            return;
        }
        leakedNs = nowNs;
        bytesTotal.leak(elapsed);
        requestsTotal.leak(elapsed);
        bytes[READ].leak(elapsed);
        bytes[WRITE].leak(elapsed);
        requests[READ].leak(elapsed);
        requests[WRITE].leak(elapsed);
    }
}
