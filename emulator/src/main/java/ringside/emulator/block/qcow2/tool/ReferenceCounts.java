package ringside.emulator.block.qcow2.tool;

import java.util.TreeMap;
import java.util.function.Supplier;
import ringside.emulator.block.qcow2.format.Qcow2Geometry;

/** How often each cluster of a file is referred to. In pages, so that memory follows what is referred to. */
final class ReferenceCounts {
    private static final int PAGE_BITS = 12;
    private static final int PAGE = 1 << PAGE_BITS;

    private final TreeMap<Long, int[]> pages = new TreeMap<>();
    private final Qcow2Geometry geometry;
    private final long fileClusters;
    private final CheckResult result;
    private long highest = -1;
    private long lastPage = -1;
    private int[] last;

    ReferenceCounts(Qcow2Geometry geometry, long fileBytes, CheckResult result) {
        this.geometry = geometry;
        this.fileClusters = geometry.clusters(fileBytes);
        this.result = result;
    }

    /** Counts a reference to a range. What is behind the end of the file is a corruption, and is not counted. */
    boolean refer(long offsetBytes, long lengthBytes, Supplier<String> by) {
        if (lengthBytes == 0) {
            return true;
        }
        long first = offsetBytes >>> geometry.clusterBits();
        long end = geometry.clusters(offsetBytes + lengthBytes);
        if (offsetBytes < 0 || lengthBytes < 0 || end < first || end > fileClusters) {
            result.corruption(() -> "%s refers to bytes %d to %d, behind the end of the file"
                    .formatted(by.get(), offsetBytes, offsetBytes + lengthBytes));
            return false;
        }
        for (long cluster = first; cluster < end; cluster++) {
            page(cluster)[(int) cluster & PAGE - 1]++;
            highest = Math.max(highest, cluster);
        }
        return true;
    }

    private int[] page(long cluster) {
        long page = cluster >>> PAGE_BITS;
        if (page != lastPage || last == null) {
            last = pages.computeIfAbsent(page, _ -> new int[PAGE]);
            lastPage = page;
        }
        return last;
    }

    int of(long cluster) {
        long page = cluster >>> PAGE_BITS;
        if (page != lastPage || last == null) {
            last = pages.get(page);
            lastPage = page;
        }
        return last == null ? 0 : last[(int) cluster & PAGE - 1];
    }

    /** The cluster itself, or the next one that may be referred to; MAX_VALUE where there is none. */
    long nextCandidate(long cluster) {
        Long page = pages.ceilingKey(cluster >>> PAGE_BITS);
        return page == null ? Long.MAX_VALUE : Math.max(cluster, page << PAGE_BITS);
    }

    /** The last cluster that is referred to, or -1. */
    long highest() {
        return highest;
    }
}
