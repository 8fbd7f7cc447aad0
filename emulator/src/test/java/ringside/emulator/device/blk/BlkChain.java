package ringside.emulator.device.blk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import ringside.emulator.virtqueue.RawSplitRing;

/** Builds one request of any shape on a raw ring, sends it and looks at the answer. */
final class BlkChain {
    /** What came back: the used length and the status byte. */
    record Answer(long usedLen, int status) {}

    private record Segment(long gpa, long bytes, boolean writable) {}

    private static final byte POISON = (byte) 0xee;

    private final BlkFixture blk;
    private final List<Segment> segments = new ArrayList<>();

    BlkChain(BlkFixture blk) {
        this.blk = blk;
    }

    BlkChain readable(long gpa, long bytes) {
        segments.add(new Segment(gpa, bytes, false));
        return this;
    }

    BlkChain writable(long gpa, long bytes) {
        segments.add(new Segment(gpa, bytes, true));
        return this;
    }

    /** Writes the descriptors from one index on, and offers the first. */
    void offer(int queue, int first) {
        RawSplitRing ring = blk.rings.get(queue);
        for (int i = 0; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            int flags = (segment.writable ? RawSplitRing.WRITE : 0) | (i + 1 < segments.size() ? RawSplitRing.NEXT : 0);
            ring.desc(first + i, segment.gpa, segment.bytes, flags, first + i + 1);
        }
        ring.offer(first);
    }

    /** Sends on queue 0 and returns the answer of a device that completes at once. */
    Answer send() {
        RawSplitRing ring = blk.rings.getFirst();
        Segment last = segments.getLast();
        long status = last.gpa + last.bytes - 1;
        ring.put(status, POISON);
        int before = ring.usedIdx();
        offer(0, 0);
        byte[] table = ring.bytes(ring.descGpa, 16 * ring.size);
        List<byte[]> readable = readableContent(ring);
        blk.kick(0);
        assertThat(blk.transport.lastFault()).isEmpty();
        assertThat(ring.usedIdx()).as("used.idx").isEqualTo(before + 1 & 0xffff);
        assertThat(ring.usedId(before)).isZero();
        assertThat(ring.bytes(ring.descGpa, 16 * ring.size))
                .as("descriptor table")
                .isEqualTo(table);
        List<byte[]> after = readableContent(ring);
        for (int i = 0; i < readable.size(); i++) {
            assertThat(Arrays.equals(after.get(i), readable.get(i)))
                    .as("readable buffer %d untouched", i)
                    .isTrue();
        }
        return new Answer(ring.usedLen(before), Byte.toUnsignedInt(ring.bytes(status, 1)[0]));
    }

    private List<byte[]> readableContent(RawSplitRing ring) {
        return segments.stream()
                .filter(segment -> !segment.writable)
                .map(segment -> ring.bytes(segment.gpa, (int) segment.bytes))
                .toList();
    }

    /** Sends on queue 0 and expects that the device breaks. */
    void breaksTheDevice() {
        RawSplitRing ring = blk.rings.getFirst();
        int before = ring.usedIdx();
        offer(0, 0);
        blk.kick(0);
        assertThat(blk.broken()).isTrue();
        assertThat(ring.usedIdx()).isEqualTo(before);
        assertThat(blk.node.seen).isEmpty();
    }
}
