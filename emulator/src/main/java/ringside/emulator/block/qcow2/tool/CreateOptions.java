package ringside.emulator.block.qcow2.tool;

import java.util.Optional;
import ringside.emulator.block.qcow2.format.CompressionType;
import ringside.emulator.block.qcow2.format.Qcow2Geometry;
import ringside.emulator.block.qcow2.format.Qcow2Layout;

/**
 * How a qcow2 image is made: the options of {@code qemu-img create -f qcow2 -o}.
 *
 * @param sizeBytes size of the disk; rounded up to 512
 * @param version 2 (compat=0.10) or 3 (compat=1.1)
 * @param clusterBytes cluster_size, a power of two from 512 to 2 MiB
 * @param refcountBits refcount_bits, a power of two from 1 to 64; 16 in version 2
 * @param lazyRefcounts lazy_refcounts
 * @param extendedL2 extended_l2: clusters of at least 16 KiB with 32 subclusters
 * @param preallocation what is allocated at once
 * @param compression compression_type of clusters that will be compressed
 * @param backingFile backing_file, as it is written into the image
 * @param backingFormat backing_fmt; needed with a backing file
 * @param dataFile data_file, as it is written into the image
 * @param dataFileRaw data_file_raw: the data file is always a raw image of the disk
 */
public record CreateOptions(
        long sizeBytes,
        int version,
        int clusterBytes,
        int refcountBits,
        boolean lazyRefcounts,
        boolean extendedL2,
        Preallocation preallocation,
        CompressionType compression,
        Optional<String> backingFile,
        Optional<String> backingFormat,
        Optional<String> dataFile,
        boolean dataFileRaw) {
    private static final int SECTOR_BYTES = 512;
    private static final int DEFAULT_CLUSTER_BYTES = 65536;
    private static final int DEFAULT_REFCOUNT_BITS = 16;

    /** What is allocated when an image is made. */
    public enum Preallocation {
        /** Nothing. */
        OFF,
        /** Tables and a place for every cluster; the file is sparse there. */
        METADATA,
        /** The same with storage reserved for every cluster. */
        FALLOC,
        /** The same with zeroes written to every cluster. */
        FULL
    }

    public CreateOptions {
        require(
                sizeBytes >= 0 && sizeBytes <= Long.MAX_VALUE - SECTOR_BYTES,
                "size " + sizeBytes + " is negative or too large");
        sizeBytes = (sizeBytes + SECTOR_BYTES - 1) / SECTOR_BYTES * SECTOR_BYTES;
        require(version == 2 || version == 3, "version " + version + " is unknown: use compat=0.10 or compat=1.1");
        require(
                powerOfTwo(clusterBytes, 1 << Qcow2Layout.MIN_CLUSTER_BITS, 1 << Qcow2Layout.MAX_CLUSTER_BITS),
                "cluster_size " + clusterBytes + " is not a power of two from 512 to 2M");
        require(
                powerOfTwo(refcountBits, 1, 1 << Qcow2Layout.MAX_REFCOUNT_ORDER),
                "refcount_bits " + refcountBits + " is not a power of two from 1 to 64");
        boolean plain = refcountBits == DEFAULT_REFCOUNT_BITS
                && !lazyRefcounts
                && !extendedL2
                && compression == CompressionType.ZLIB
                && dataFile.isEmpty();
        require(
                version == 3 || plain,
                "compat=0.10 has no other refcount_bits than 16, no lazy_refcounts, extended_l2, data_file, and only"
                        + " zlib: use compat=1.1");
        require(
                !extendedL2 || clusterBytes >= 1 << Qcow2Layout.MIN_EXTENDED_CLUSTER_BITS,
                "extended_l2 needs clusters of at least 16k, cluster_size is " + clusterBytes);
        require(
                backingFile.isEmpty() || backingFormat.isPresent(),
                "a backing file needs its format, which is never guessed: add backing_fmt");
        require(backingFormat.isEmpty() || backingFile.isPresent(), "backing_fmt needs a backing_file");
        require(!dataFileRaw || dataFile.isPresent(), "data_file_raw needs a data_file");
        require(!dataFileRaw || backingFile.isEmpty(), "a raw data file is complete: leave backing_file out");
        require(
                preallocation == Preallocation.OFF || backingFile.isEmpty() || extendedL2,
                "preallocated clusters would hide the backing file: use preallocation=off, or extended_l2");
        // QEMU does the same: nothing may depend on tables that a raw reader of the file does not know.
        preallocation = dataFileRaw && preallocation == Preallocation.OFF ? Preallocation.METADATA : preallocation;
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new IllegalArgumentException("qcow2: " + problem);
        }
    }

    private static boolean powerOfTwo(int value, int least, int most) {
        return value >= least && value <= most && Integer.bitCount(value) == 1;
    }

    /** QEMU's defaults. */
    public static CreateOptions of(long sizeBytes) {
        return new CreateOptions(
                sizeBytes,
                3,
                DEFAULT_CLUSTER_BYTES,
                DEFAULT_REFCOUNT_BITS,
                false,
                false,
                Preallocation.OFF,
                CompressionType.ZLIB,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    /** The same with a backing file. */
    public CreateOptions withBacking(String file, String format) {
        return new CreateOptions(
                sizeBytes,
                version,
                clusterBytes,
                refcountBits,
                lazyRefcounts,
                extendedL2,
                preallocation,
                compression,
                Optional.of(file),
                Optional.of(format),
                dataFile,
                dataFileRaw);
    }

    /** The same with an external data file. */
    public CreateOptions withDataFile(String file) {
        return new CreateOptions(
                sizeBytes,
                version,
                clusterBytes,
                refcountBits,
                lazyRefcounts,
                extendedL2,
                preallocation,
                compression,
                backingFile,
                backingFormat,
                Optional.of(file),
                dataFileRaw);
    }

    Qcow2Geometry geometry() {
        return new Qcow2Geometry(
                Integer.numberOfTrailingZeros(clusterBytes), Integer.numberOfTrailingZeros(refcountBits), extendedL2);
    }
}
