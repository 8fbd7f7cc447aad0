package ringside.workloads.pattern;

/**
 * See {@link OffsetGenerator#permuted}. fio remembers used blocks in a bitmap and searches it; here a counter runs
 * through 0 .. 2^k - 1, the smallest power of two that holds all blocks, and each value passes through a keyed bijection
 * of k bits (xor, multiplication by an odd number, xor with the upper half: each step can be undone). Results beyond the
 * last block are skipped, less than one in two on average. So each pass is a permutation, at constant cost and without
 * memory. Every pass has another key.
 */
final class PermutedOffsets implements OffsetGenerator {
    private final long offsetBytes;
    private final long blocks;
    private final int blockBytes;
    private final long seed;
    private final long mask;
    private final int shift;
    private long pass;
    private long counter;
    private long left;
    private long add;
    private long multiplier0;
    private long multiplier1;
    private long multiplier2;

    PermutedOffsets(long offsetBytes, long blocks, int blockBytes, long seed) {
        this.offsetBytes = offsetBytes;
        this.blocks = blocks;
        this.blockBytes = blockBytes;
        this.seed = seed;
        int bits = 64 - Long.numberOfLeadingZeros(blocks - 1);
        this.mask = bits == 0 ? 0 : -1L >>> (64 - bits);
        this.shift = Math.max(1, (bits + 1) / 2);
        restart();
    }

    @Override
    public long next() {
        if (left == 0) {
            begin(pass + 1);
        }
        left--;
        long block;
        do {
            block = permute(counter++);
        } while (block >= blocks);
        return offsetBytes + block * blockBytes;
    }

    @Override
    public void restart() {
        begin(0);
    }

    /** Leaves the rest of this pass out. */
    void nextPass() {
        begin(pass + 1);
    }

    private void begin(long newPass) {
        pass = newPass;
        counter = 0;
        left = blocks;
        long key = SplitMix64.derive(seed, pass);
        add = SplitMix64.derive(key, 0);
        multiplier0 = SplitMix64.derive(key, 1) | 1;
        multiplier1 = SplitMix64.derive(key, 2) | 1;
        multiplier2 = SplitMix64.derive(key, 3) | 1;
    }

    private long permute(long value) {
        long v = (value + add) & mask;
        v = ((v ^ (v >>> shift)) * multiplier0) & mask;
        v = ((v ^ (v >>> shift)) * multiplier1) & mask;
        v = ((v ^ (v >>> shift)) * multiplier2) & mask;
        return v ^ (v >>> shift);
    }
}
