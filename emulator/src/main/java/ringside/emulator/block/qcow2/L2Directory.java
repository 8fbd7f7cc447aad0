package ringside.emulator.block.qcow2;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Which slices are in memory: an array in pages, made when something in them is first loaded, so that a disk of a huge size
 * takes no memory for what it does not hold. Looked up without a lock.
 */
final class L2Directory {
    private static final int PAGE_BITS = 10;
    private static final int PAGE = 1 << PAGE_BITS;

    private volatile AtomicReferenceArray<AtomicReferenceArray<L2Slice>> pages;

    /** @param slices how many the disk has */
    L2Directory(long slices) {
        pages = new AtomicReferenceArray<>(pagesFor(slices));
    }

    private static int pagesFor(long slices) {
        return Math.toIntExact((slices + PAGE - 1 >>> PAGE_BITS) + 1);
    }

    /** Slices have numbers below this. */
    long slots() {
        return (long) pages.length() << PAGE_BITS;
    }

    /** The slice with a number, or null. */
    L2Slice get(long number) {
        AtomicReferenceArray<L2Slice> page = pages.getAcquire((int) (number >>> PAGE_BITS));
        return page == null ? null : page.getAcquire((int) number & PAGE - 1);
    }

    /** Under the lock of the number. */
    void set(long number, L2Slice slice) {
        int at = (int) (number >>> PAGE_BITS);
        AtomicReferenceArray<L2Slice> page = pages.get(at);
        if (page == null) {
            pages.compareAndSet(at, null, new AtomicReferenceArray<>(PAGE));
            page = pages.get(at);
        }
        page.setRelease((int) number & PAGE - 1, slice);
    }

    /** Makes room for a larger disk. With no request in flight. */
    void grow(long slices) {
        AtomicReferenceArray<AtomicReferenceArray<L2Slice>> old = pages;
        if (pagesFor(slices) > old.length()) {
            AtomicReferenceArray<AtomicReferenceArray<L2Slice>> larger = new AtomicReferenceArray<>(pagesFor(slices));
            for (int i = 0; i < old.length(); i++) {
                larger.set(i, old.get(i));
            }
            pages = larger;
        }
    }
}
