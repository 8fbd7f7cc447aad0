package ringside.workloads.verify;

/**
 * What a check found, in sectors of 512 bytes.
 *
 * @param good stamped, in place, every byte right
 * @param unstamped no stamp: never written, or the write was lost
 * @param corrupt a stamp whose checksum or fill is wrong
 * @param misdirected a sound stamp that belongs to another offset
 * @param torn blocks of which neighbouring sectors come from different writes, although one write covered both. Two
 *     overlapping jobs, or a block size that differs between writes, can cause it legitimately
 * @param firstProblem one line about the first problem, empty when there is none
 */
public record StampReport(long good, long unstamped, long corrupt, long misdirected, long torn, String firstProblem) {
    /** Whether every sector is good and no block is torn. */
    public boolean isClean() {
        return unstamped == 0 && corrupt == 0 && misdirected == 0 && torn == 0;
    }

    static final class Builder {
        private long good;
        private long unstamped;
        private long corrupt;
        private long misdirected;
        private long torn;
        private String firstProblem = "";
        private boolean hasPrevious;
        private long previousSeed;
        private long previousSequence;

        void good(long offsetBytes, long seed, long sequence, int index) {
            good++;
            boolean sameWrite = hasPrevious && previousSeed == seed && previousSequence == sequence;
            if (index > 0 && hasPrevious && !sameWrite) {
                torn++;
                note("torn block at offset " + offsetBytes + ": sector " + index + " of write " + sequence
                        + " follows a sector of write " + previousSequence);
            }
            hasPrevious = true;
            previousSeed = seed;
            previousSequence = sequence;
        }

        void unstamped(long offsetBytes) {
            unstamped++;
            hasPrevious = false;
            note("no stamp at offset " + offsetBytes);
        }

        void corrupt(long offsetBytes) {
            corrupt++;
            hasPrevious = false;
            note("corrupt sector at offset " + offsetBytes);
        }

        void misdirected(long offsetBytes, long written) {
            misdirected++;
            hasPrevious = false;
            note("the sector at offset " + offsetBytes + " was written for offset " + written);
        }

        StampReport build() {
            return new StampReport(good, unstamped, corrupt, misdirected, torn, firstProblem);
        }

        private void note(String problem) {
            if (firstProblem.isEmpty()) {
                firstProblem = problem;
            }
        }
    }
}
