package ringside.emulator.block;

import java.util.Arrays;

/** Several adjacent requests as one: a reused slot of a {@link MergingBackend}. In the context of its loop. */
final class MergedRequest implements BlockCompletion {
    final BlockRequest whole = new BlockRequest(this);
    private final MergingBackend owner;
    private final BlockRequest[] parts = new BlockRequest[MergingBackend.MAX_BATCH];
    private int count;

    /** The next free slot of the owner. */
    MergedRequest nextFree;

    MergedRequest(MergingBackend owner) {
        this.owner = owner;
        whole.segmentAddress = new long[MergingBackend.MAX_BATCH];
        whole.segmentBytes = new int[MergingBackend.MAX_BATCH];
    }

    /** Takes over parts first .. first + size - 1 of an array, which follow one another on the disk. */
    void merge(BlockRequest[] sorted, int first, int size) {
        System.arraycopy(sorted, first, parts, 0, size);
        count = size;
        whole.op = parts[0].op;
        whole.fua = parts[0].fua;
        whole.offsetBytes = parts[0].offsetBytes;
        whole.lengthBytes = 0;
        whole.segmentFirst = 0;
        whole.segmentCount = 0;
        for (int i = 0; i < size; i++) {
            append(parts[i]);
        }
    }

    private void append(BlockRequest part) {
        int needed = whole.segmentCount + part.segmentCount;
        if (needed > whole.segmentAddress.length) {
            whole.segmentAddress = Arrays.copyOf(whole.segmentAddress, 2 * needed);
            whole.segmentBytes = Arrays.copyOf(whole.segmentBytes, 2 * needed);
        }
        System.arraycopy(
                part.segmentAddress, part.segmentFirst, whole.segmentAddress, whole.segmentCount, part.segmentCount);
        System.arraycopy(
                part.segmentBytes, part.segmentFirst, whole.segmentBytes, whole.segmentCount, part.segmentCount);
        whole.segmentCount = needed;
        whole.lengthBytes += part.lengthBytes;
    }

    /** All parts share the outcome. */
    @Override
    public void completed(BlockRequest request, int error) {
        int size = count;
        for (int i = 0; i < size; i++) {
            BlockRequest part = parts[i];
            parts[i] = null;
            part.completion.completed(part, error);
        }
        owner.release(this);
    }
}
