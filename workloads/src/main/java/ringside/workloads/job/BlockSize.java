package ringside.workloads.job;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The sizes of the requests of one direction, each a positive multiple of 512 up to 1 GiB: one size, any size between two
 * (fio: bsrange), or sizes with shares (fio: bssplit).
 *
 * @param minBytes smallest size
 * @param maxBytes largest size
 * @param split sizes with their shares; empty: one size or a range
 */
public record BlockSize(int minBytes, int maxBytes, List<Share> split) {
    private static final int SECTOR_BYTES = 512;
    private static final int MAX_BYTES = 1 << 30;
    private static final int MAX_SHARES = 64;
    private static final int REST = -1;

    /**
     * One size of a split.
     *
     * @param bytes the size
     * @param percent its share, 1..100
     */
    public record Share(int bytes, int percent) {}

    public BlockSize {
        check(minBytes);
        check(maxBytes);
        if (minBytes > maxBytes) {
            throw new IllegalArgumentException(
                    "bsrange=" + minBytes + "-" + maxBytes + ": the smaller size comes first");
        }
        split = List.copyOf(split);
    }

    /** One size. */
    public static BlockSize of(int bytes) {
        return new BlockSize(bytes, bytes, List.of());
    }

    /** Whether all requests have the same size. */
    public boolean isFixed() {
        return minBytes == maxBytes;
    }

    /** Whether every size that can occur is a multiple; a range steps by its smallest size. */
    boolean isMultipleOf(int blockBytes) {
        return minBytes % blockBytes == 0
                && maxBytes % blockBytes == 0
                && split.stream().allMatch(share -> share.bytes % blockBytes == 0);
    }

    /** As written in a job file. */
    @Override
    public String toString() {
        if (isFixed()) {
            return Integer.toString(minBytes);
        }
        return split.isEmpty()
                ? minBytes + "-" + maxBytes
                : split.stream().map(share -> share.bytes + "/" + share.percent).collect(Collectors.joining(":"));
    }

    /** fio's bs of one direction: {@code 4k}. */
    static BlockSize parse(String text) {
        if (text.indexOf('-') > 0) {
            throw new IllegalArgumentException("bs=" + text + " is a range: use bsrange=" + text);
        }
        return of(size("bs", text));
    }

    /** fio's bsrange of one direction: {@code 4k-64k}; also {@code 4k:64k}. */
    static BlockSize parseRange(String text) {
        String[] ends = text.split("[-:]", -1);
        if (ends.length != 2) {
            throw new IllegalArgumentException("bsrange=" + text + " is no range: write SMALLEST-LARGEST");
        }
        return new BlockSize(size("bsrange", ends[0].strip()), size("bsrange", ends[1].strip()), List.of());
    }

    /** fio's bssplit of one direction: {@code 4k/60:64k/40}; sizes without a share divide the rest evenly. */
    static BlockSize parseSplit(String text) {
        String[] parts = text.split(":");
        if (parts.length > MAX_SHARES) {
            throw new IllegalArgumentException("bssplit has more than " + MAX_SHARES + " sizes");
        }
        int[] sizes = new int[parts.length];
        int[] shares = new int[parts.length];
        for (int i = 0; i < parts.length; i++) {
            String[] pair = parts[i].split("/", -1);
            if (pair.length > 2) {
                throw new IllegalArgumentException("bssplit: '" + parts[i] + "' is no share: write SIZE/PERCENT");
            }
            sizes[i] = size("bssplit", pair[0].strip());
            boolean given = pair.length == 2 && !pair[1].isBlank();
            shares[i] = given ? OptionGroup.percent("bssplit", pair[1].strip()) : REST;
        }
        divideRest(text, shares);
        return ofShares(sizes, shares);
    }

    private static void divideRest(String text, int[] shares) {
        int given = 0;
        int missing = 0;
        for (int share : shares) {
            given += share == REST ? 0 : share;
            missing += share == REST ? 1 : 0;
        }
        if (given > 100 || (missing == 0 && given < 100)) {
            throw new IllegalArgumentException(
                    "bssplit=" + text + ": the shares add to " + given + " %: they must add to 100");
        }
        int left = 100 - given;
        for (int i = 0; i < shares.length; i++) {
            if (shares[i] == REST) {
                shares[i] = left / missing;
                left -= shares[i];
                missing--;
            }
        }
    }

    private static BlockSize ofShares(int[] sizes, int[] shares) {
        List<Share> split = new ArrayList<>();
        int min = MAX_BYTES;
        int max = 0;
        for (int i = 0; i < sizes.length; i++) {
            if (shares[i] > 0) {
                split.add(new Share(sizes[i], shares[i]));
                min = Math.min(min, sizes[i]);
                max = Math.max(max, sizes[i]);
            }
        }
        return min == max ? of(min) : new BlockSize(min, max, split);
    }

    private static int size(String option, String text) {
        long bytes = FioUnits.bytes(option, text);
        if (bytes > MAX_BYTES) {
            throw new IllegalArgumentException(option + "=" + text + " is larger than 1 GiB");
        }
        check(option, (int) bytes);
        return (int) bytes;
    }

    private static void check(int bytes) {
        check("bs", bytes);
    }

    private static void check(String option, int bytes) {
        if (bytes < SECTOR_BYTES || bytes % SECTOR_BYTES != 0) {
            throw new IllegalArgumentException(option + "=" + bytes + " is not a multiple of 512: a disk has 512-byte"
                    + " sectors (in fio's units 4k is 4096 and 4kib is 4000)");
        }
        if (bytes > MAX_BYTES) {
            throw new IllegalArgumentException(option + "=" + bytes + " is larger than 1 GiB");
        }
    }
}
