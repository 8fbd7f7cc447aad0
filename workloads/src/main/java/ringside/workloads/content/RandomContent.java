package ringside.workloads.content;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import ringside.workloads.pattern.SplitMix64;

/**
 * Random data. Each write has a seed; one that repeats another has its seed, so that the two begin with the same bytes. Each
 * chunk begins with random bytes and ends with the compressible part, as in fio.
 */
public final class RandomContent implements BufferContent {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final RandomRules rules;
    private final SplitMix64 choice;
    private final SplitMix64 data = new SplitMix64(0);
    private final MemorySegment tiles;
    private final int randomBytes;
    private long unique;
    private long lastSeed;

    /** Buffers by these rules. */
    public RandomContent(RandomRules rules) {
        this.rules = rules;
        this.choice = new SplitMix64(SplitMix64.mix(rules.seed()));
        this.randomBytes = (int) ((long) rules.chunkBytes() * (100 - rules.compressPercent()) / 100);
        this.tiles = TiledContent.tile(rules.pattern(), Math.max(1, rules.chunkBytes() - randomBytes));
        this.lastSeed = SplitMix64.derive(rules.seed(), unique++);
    }

    @Override
    public void fill(MemorySegment buffer) {
        write(buffer, (int) buffer.byteSize());
    }

    @Override
    public void refill(MemorySegment buffer, int lengthBytes) {
        if (rules.renew()) {
            write(buffer, lengthBytes);
        }
    }

    private void write(MemorySegment buffer, int lengthBytes) {
        data.reset(nextSeed());
        writeChunks(buffer, lengthBytes);
    }

    /** The working set is what the first unique writes held. */
    private long nextSeed() {
        boolean repeats = rules.dedupePercent() > 0 && choice.nextBelow(100) < rules.dedupePercent();
        if (!repeats) {
            lastSeed = SplitMix64.derive(rules.seed(), unique++);
            return lastSeed;
        }
        return rules.workingSet() == 0
                ? lastSeed
                : SplitMix64.derive(rules.seed(), choice.nextBelow(rules.workingSet()));
    }

    private void writeChunks(MemorySegment buffer, int end) {
        int at = 0;
        while (at < end) {
            int randomEnd = Math.min(end, at + randomBytes);
            writeRandom(buffer, at, randomEnd);
            at = randomEnd;
            int fixed = Math.min(end - at, rules.chunkBytes() - randomBytes);
            MemorySegment.copy(tiles, 0, buffer, at, fixed);
            at += fixed;
        }
    }

    private void writeRandom(MemorySegment buffer, int begin, int end) {
        int at = begin;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            buffer.set(LONG, at, data.next());
        }
        for (; at < end; at++) {
            buffer.set(ValueLayout.JAVA_BYTE, at, (byte) data.next());
        }
    }
}
