package ringside.emulator.block.qcow2;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Knows when requests that may still use a freed cluster have ended. Without that a write on its way to a cluster that is
 * discarded meanwhile could land in what the cluster has become since.
 *
 * <p>Everybody who does I/O on mappings is a {@link Member}, confined to a loop or guarded by its user. A member has seen an
 * epoch when everything that it began before has ended.
 */
final class Grace {
    private final List<Member> members = new CopyOnWriteArrayList<>();
    private volatile long epoch;

    /** Begins a new epoch and returns its number: what is freed now may be reused when all have seen it. */
    long next() {
        long begun;
        synchronized (this) {
            begun = epoch + 1;
            epoch = begun;
        }
        members.forEach(Member::poke);
        return begun;
    }

    /** The epoch that all members have seen. */
    long seenByAll() {
        long seen = epoch;
        for (Member member : members) {
            seen = Math.min(seen, member.seen);
        }
        return seen;
    }

    void join(Member member) {
        member.seen = epoch;
        member.current = member.seen;
        members.add(member);
        member.advance(); // an epoch that began meanwhile poked only those that were here
    }

    void leave(Member member) {
        members.remove(member);
    }

    /** Somebody who does I/O. All methods but {@link #poke} in one context. */
    abstract static class Member {
        private final Grace grace;
        private long current;
        private int inCurrent;
        private int inOlder;
        private volatile long seen;

        Member(Grace grace) {
            this.grace = grace;
        }

        /** Called by any thread: {@link #advance} shall be called in the member's context soon. */
        abstract void poke();

        /** Something begins; what is returned goes to {@link #end}. */
        final long begin() {
            if (grace.epoch != current) {
                advance();
            }
            inCurrent++;
            return current;
        }

        final void end(long begun) {
            if (begun == current) {
                inCurrent--;
            } else if (--inOlder == 0) {
                seen = current;
                advance();
            }
        }

        /** Goes on to the newest epoch, as far as what is older has ended. */
        final void advance() {
            long newest = grace.epoch;
            if (newest == current || inOlder > 0) {
                return;
            }
            current = newest;
            inOlder = inCurrent;
            inCurrent = 0;
            if (inOlder == 0) {
                seen = newest;
            }
        }
    }
}
