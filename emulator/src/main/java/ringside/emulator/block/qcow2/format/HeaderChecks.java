package ringside.emulator.block.qcow2.format;

import java.nio.ByteBuffer;
import ringside.emulator.block.InvalidImageException;
import ringside.emulator.block.qcow2.format.Qcow2Feature.Kind;

/** What a header must keep to be served; with QEMU's limits. */
final class HeaderChecks {
    private static final int SECTOR_BYTES = 512;

    private HeaderChecks() {}

    /** Checks magic and version, and returns the cluster size as a power of two. */
    static int clusterBits(ByteBuffer start, String image) {
        if (start.getInt(0) != Qcow2Layout.MAGIC) {
            throw new InvalidImageException(image, "is not a qcow2 image; if it is a raw one, use driver=raw");
        }
        int version = start.getInt(Qcow2Layout.VERSION);
        if (version != 2 && version != 3) {
            throw new InvalidImageException(
                    image,
                    "is of qcow version %d; convert it to qcow2 with QEMU's tools"
                            .formatted(Integer.toUnsignedLong(version)));
        }
        int bits = start.getInt(Qcow2Layout.CLUSTER_BITS);
        if (bits < Qcow2Layout.MIN_CLUSTER_BITS || bits > Qcow2Layout.MAX_CLUSTER_BITS) {
            throw new InvalidImageException(
                    image, "has clusters of 2^%d bytes; 2^9 to 2^21 can be".formatted(Integer.toUnsignedLong(bits)));
        }
        return bits;
    }

    static void check(Qcow2Header header, ByteBuffer start, String image) {
        features(header, image);
        compression(header, start, image);
        if (start.getInt(Qcow2Layout.CRYPT_METHOD) != 0) {
            throw new InvalidImageException(image, "is encrypted, which is not served; decrypt it with QEMU's tools");
        }
        if (header.geometry().refcountOrder() < 0
                || header.geometry().refcountOrder() > Qcow2Layout.MAX_REFCOUNT_ORDER) {
            throw new InvalidImageException(image, "has a refcount width that cannot be; 1 to 64 bits can");
        }
        boolean small = header.geometry().clusterBits() < Qcow2Layout.MIN_EXTENDED_CLUSTER_BITS;
        if (header.has(Qcow2Feature.EXTENDED_L2) && small) {
            throw new InvalidImageException(image, "has extended L2 entries, which need clusters of 16 KiB or more");
        }
        tables(header, image);
    }

    private static void features(Qcow2Header header, String image) {
        long unknown = header.features(Kind.INCOMPATIBLE) & ~Qcow2Feature.known(Kind.INCOMPATIBLE);
        if (unknown != 0) {
            byte[] names = header.extension(Qcow2Layout.EXTENSION_FEATURE_NAMES)
                    .map(HeaderExtension::data)
                    .orElse(new byte[0]);
            throw new InvalidImageException(
                    image,
                    "uses features that are not known here: "
                            + FeatureNames.describe(Kind.INCOMPATIBLE, unknown, names));
        }
    }

    private static void compression(Qcow2Header header, ByteBuffer start, String image) {
        boolean named = header.version() > 2 && header.headerLength() > Qcow2Layout.COMPRESSION_TYPE;
        int type = named ? start.get(Qcow2Layout.COMPRESSION_TYPE) & 0xff : 0;
        if (type >= CompressionType.values().length) {
            throw new InvalidImageException(image, "is compressed by method " + type + ", which is not known here");
        }
        if (type != 0 != header.has(Qcow2Feature.COMPRESSION)) {
            throw new InvalidImageException(
                    image,
                    "says by its feature bit that compression is %s, and by its field that it is %s"
                            .formatted(type != 0 ? "zlib" : "another", type == 0 ? "zlib" : "another"));
        }
    }

    private static void tables(Qcow2Header header, String image) {
        Qcow2Geometry geometry = header.geometry();
        long size = header.sizeBytes();
        if (size < 0 || size % SECTOR_BYTES != 0) {
            throw new InvalidImageException(
                    image, "has a disk of %s bytes, which cannot be".formatted(Long.toUnsignedString(size)));
        }
        long l1Bytes = Integer.toUnsignedLong(header.l1Entries()) * Long.BYTES;
        require(l1Bytes <= Qcow2Layout.MAX_L1_BYTES, image, "has an L1 table of %d bytes, too many", l1Bytes);
        table(geometry, header.l1OffsetBytes(), l1Bytes, image, "L1 table");
        require(
                geometry.l1Entries(size) <= header.l1Entries(),
                image,
                "has an L1 table that is too short for its disk of %d bytes",
                size);
        long refcountBytes = Integer.toUnsignedLong(header.refcountTableClusters()) << geometry.clusterBits();
        require(
                refcountBytes <= Qcow2Layout.MAX_REFCOUNT_TABLE_BYTES,
                image,
                "has a refcount table of %d bytes, too many",
                refcountBytes);
        require(refcountBytes > 0, image, "has a refcount table of %d bytes", refcountBytes);
        table(geometry, header.refcountTableOffsetBytes(), refcountBytes, image, "refcount table");
        long snapshots = Integer.toUnsignedLong(header.snapshots());
        require(snapshots <= Qcow2Layout.MAX_SNAPSHOTS, image, "has %d snapshots, too many", snapshots);
        table(geometry, header.snapshotsOffsetBytes(), snapshots, image, "snapshot table");
    }

    private static void table(Qcow2Geometry geometry, long offset, long bytes, String image, String what) {
        boolean aligned = geometry.clusterStart(offset) == offset;
        boolean inside = offset >= 0 && offset <= L2Entry.OFFSET_MASK && offset <= Long.MAX_VALUE - bytes;
        boolean present = offset != 0 || bytes == 0;
        if (!aligned || !inside || !present) {
            throw new InvalidImageException(
                    image, "has its %s at byte %s, which cannot be".formatted(what, Long.toUnsignedString(offset)));
        }
    }

    private static void require(boolean holds, String image, String text, long value) {
        if (!holds) {
            throw new InvalidImageException(image, text.formatted(value));
        }
    }
}
