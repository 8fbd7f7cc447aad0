package ringside.emulator.block.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;

/** What the disk must be: an array, and one for each of its snapshots. */
final class DiskModel {
    static final int SECTOR = 512;

    private byte[] bytes;
    private final BitSet discarded = new BitSet();
    private final Map<String, byte[]> snapshots = new TreeMap<>();

    DiskModel(byte[] content) {
        bytes = content.clone();
    }

    int length() {
        return bytes.length;
    }

    byte[] content() {
        return bytes.clone();
    }

    void write(int at, byte[] data) {
        System.arraycopy(data, 0, bytes, at, data.length);
        decided(at, data.length);
    }

    void fill(int at, int length, int value) {
        Arrays.fill(bytes, at, at + length, (byte) value);
        decided(at, length);
    }

    private void decided(int at, int length) {
        discarded.clear((at + SECTOR - 1) / SECTOR, Math.max((at + SECTOR - 1) / SECTOR, (at + length) / SECTOR));
    }

    /** From now on these sectors are as they were, or zeroes. */
    void discard(int at, int length) {
        discarded.set(at / SECTOR, (at + length) / SECTOR);
    }

    /** New bytes are zeroes. */
    void resize(int length) {
        bytes = Arrays.copyOf(bytes, length);
        discarded.clear(length / SECTOR, Math.max(length / SECTOR, discarded.length()));
    }

    /** Takes over what a part is, because there is no rule for it. */
    void adopt(int at, int end, byte[] whole) {
        System.arraycopy(whole, at, bytes, at, end - at);
    }

    /** Takes over which of the discarded sectors are zeroes now. To be called before anything depends on them. */
    void settle(byte[] whole) {
        for (int i = discarded.nextSetBit(0); i >= 0; i = discarded.nextSetBit(i + 1)) {
            int at = i * SECTOR;
            int end = at + SECTOR;
            boolean kept = Arrays.equals(whole, at, end, bytes, at, end);
            assertThat(kept || zero(whole, at, end))
                    .as("sector %d, discarded, is neither what it was nor zeroes", i)
                    .isTrue();
            System.arraycopy(whole, at, bytes, at, SECTOR);
        }
        discarded.clear();
    }

    private static boolean zero(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether discarded sectors wait to be looked at. */
    boolean unsettled() {
        return !discarded.isEmpty();
    }

    /** What was read must be what the disk has. */
    void requireSame(byte[] read, int at) {
        int difference = Arrays.mismatch(read, 0, read.length, bytes, at, at + read.length);
        assertThat(difference)
                .as("first difference of the %d bytes read from byte %d", read.length, at)
                .isEqualTo(-1);
    }

    Map<String, byte[]> snapshots() {
        return snapshots;
    }

    void takeSnapshot(String name) {
        snapshots.put(name, bytes.clone());
    }

    void applySnapshot(String name) {
        bytes = snapshots.get(name).clone();
    }
}
