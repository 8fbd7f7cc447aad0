package ringside.emulator.block.proof;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;

/**
 * What kind of image, in the words of {@code qemu-img create -o}.
 *
 * @param old version 2 of the format (compat=0.10)
 * @param clusterBytes size of a cluster
 * @param refcountBits width of a refcount
 * @param extendedL2 subclusters
 * @param lazyRefcounts refcounts may be behind while it is open
 * @param dataFile where the guest's data are
 * @param zstd compressed by zstd, where anything is
 * @param preallocation off, metadata, falloc or full
 * @param backing what is behind it
 * @param start how it begins
 */
record ImageKind(
        boolean old,
        int clusterBytes,
        int refcountBits,
        boolean extendedL2,
        boolean lazyRefcounts,
        DataFile dataFile,
        boolean zstd,
        String preallocation,
        Backing backing,
        Start start) {
    static final String DATA_FILE = "data.raw";

    /** The file of the guest's data. */
    enum DataFile {
        INSIDE,
        OUTSIDE,
        OUTSIDE_RAW
    }

    /** What unallocated clusters show. */
    enum Backing {
        NONE,
        RAW,
        QCOW2,
        COMPRESSED
    }

    /** How the image begins. */
    enum Start {
        CREATED_BY_QEMU,
        CREATED_BY_US,
        CONVERTED,
        COMPRESSED
    }

    private static final int[] CLUSTERS = {
        512, 1 << 10, 4 << 10, 4 << 10, 16 << 10, 64 << 10, 64 << 10, 256 << 10, 2 << 20
    };

    /** Any kind that QEMU can make. */
    static ImageKind random(Random random) {
        boolean old = random.nextInt(6) == 0;
        int cluster = CLUSTERS[random.nextInt(CLUSTERS.length)];
        boolean extended = !old && cluster >= 16 << 10 && random.nextInt(3) == 0;
        int bits = old || random.nextBoolean() ? 16 : 1 << random.nextInt(7);
        DataFile dataFile = !old && random.nextInt(6) == 0
                ? random.nextBoolean() ? DataFile.OUTSIDE : DataFile.OUTSIDE_RAW
                : DataFile.INSIDE;
        Start start = Start.values()[random.nextInt(dataFile == DataFile.INSIDE ? 4 : 2)];
        boolean created = start == Start.CREATED_BY_QEMU || start == Start.CREATED_BY_US;
        Backing backing = created && dataFile != DataFile.OUTSIDE_RAW && random.nextBoolean()
                ? Backing.values()[1 + random.nextInt(3)]
                : Backing.NONE;
        boolean preallocates = backing == Backing.NONE && created && random.nextInt(4) == 0;
        String preallocation =
                preallocates ? List.of("metadata", "falloc", "full").get(random.nextInt(3)) : "off";
        return new ImageKind(
                old,
                cluster,
                bits,
                extended,
                !old && random.nextInt(4) == 0,
                dataFile,
                !old && random.nextInt(3) == 0,
                preallocation,
                backing,
                start);
    }

    /** Whether snapshots can be taken: refcounts have room for many compressed clusters in one, and data are inside. */
    boolean snapshots() {
        return refcountBits >= 16 && dataFile == DataFile.INSIDE;
    }

    /** For {@code -o}, without the backing file. */
    String options() {
        StringJoiner options = new StringJoiner(",");
        options.add(old ? "compat=0.10" : "compat=1.1").add("cluster_size=" + clusterBytes);
        if (!old) {
            options.add("refcount_bits=" + refcountBits);
        }
        for (String option : switches()) {
            options.add(option);
        }
        return options.toString();
    }

    private List<String> switches() {
        List<String> options = new ArrayList<>();
        if (extendedL2) {
            options.add("extended_l2=on");
        }
        if (lazyRefcounts) {
            options.add("lazy_refcounts=on");
        }
        if (zstd) {
            options.add("compression_type=zstd");
        }
        if (dataFile != DataFile.INSIDE) {
            options.add("data_file=" + DATA_FILE);
        }
        if (dataFile == DataFile.OUTSIDE_RAW) {
            options.add("data_file_raw=on");
        }
        if (!preallocation.equals("off")) {
            options.add("preallocation=" + preallocation);
        }
        return options;
    }
}
