package ringside.emulator.block;

/**
 * Merges adjacent reads, or adjacent writes, of one batch into one request each (QEMU: request-merging of virtio-blk). A
 * sequential load with small requests then reaches the storage in large ones.
 *
 * <p>As in QEMU, up to 32 requests of one kind are held back until the batch ends, another kind comes or the room is
 * used up; then they are sorted by offset. The rest of the batch is not delayed. A merged request is limited by the
 * number of iovecs that a system call takes and by what one call transfers.
 */
public final class MergingBackend implements BlockBackend {
    /** QEMU: VIRTIO_BLK_MAX_MERGE_REQS. */
    static final int MAX_BATCH = 32;

    /** IOV_MAX of Linux. */
    private static final int MAX_SEGMENTS = 1024;

    /** Linux transfers no more in one call (MAX_RW_COUNT), a multiple of any block size. */
    private static final long MAX_BYTES = 0x7fff_0000L;

    private final BlockBackend below;
    private final BlockRequest[] held = new BlockRequest[MAX_BATCH];
    private int heldCount;
    private MergedRequest free;

    /** @param below where the requests go, merged or not; closed with this object */
    public MergingBackend(BlockBackend below) {
        this.below = below;
    }

    @Override
    public void submit(BlockRequest request) {
        boolean transfers = request.op == BlockOp.READ || request.op == BlockOp.WRITE;
        if (heldCount > 0 && (!transfers || heldCount == MAX_BATCH || held[0].op != request.op)) {
            flush();
        }
        if (transfers) {
            held[heldCount++] = request;
        } else {
            below.submit(request);
        }
    }

    @Override
    public void commit() {
        flush();
        below.commit();
    }

    private void flush() {
        int count = heldCount;
        heldCount = 0;
        sort(count);
        int first = 0;
        while (first < count) {
            int size = run(first, count);
            if (size == 1) {
                below.submit(held[first]);
            } else {
                MergedRequest merged = take();
                merged.merge(held, first, size);
                below.submit(merged.whole);
            }
            first += size;
        }
    }

    /** By insertion: most batches are short or in order already. Equal offsets keep their order. */
    private void sort(int count) {
        for (int i = 1; i < count; i++) {
            BlockRequest request = held[i];
            int at = i;
            while (at > 0 && held[at - 1].offsetBytes > request.offsetBytes) {
                held[at] = held[at - 1];
                at--;
            }
            held[at] = request;
        }
    }

    /** How many requests from the first on can be one. */
    private int run(int first, int count) {
        long end = held[first].offsetBytes + held[first].lengthBytes;
        long bytes = held[first].lengthBytes;
        int segments = held[first].segmentCount;
        int next = first + 1;
        while (next < count) {
            BlockRequest request = held[next];
            bytes += request.lengthBytes;
            segments += request.segmentCount;
            boolean fits = request.offsetBytes == end
                    && request.fua == held[first].fua
                    && segments <= MAX_SEGMENTS
                    && bytes <= MAX_BYTES;
            if (!fits) {
                break;
            }
            end += request.lengthBytes;
            next++;
        }
        return next - first;
    }

    private MergedRequest take() {
        MergedRequest slot = free;
        if (slot == null) {
            return new MergedRequest(this);
        }
        free = slot.nextFree;
        return slot;
    }

    void release(MergedRequest slot) {
        slot.nextFree = free;
        free = slot;
    }

    @Override
    public void close() {
        below.close();
    }
}
