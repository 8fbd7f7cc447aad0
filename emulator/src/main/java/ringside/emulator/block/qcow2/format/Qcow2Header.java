package ringside.emulator.block.qcow2.format;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.InvalidImageException;

/**
 * The header of an image with its extensions. It keeps the header's own bytes, so that what is not known survives a change;
 * known or not, extensions stay in their order. Confined to one thread, or guarded by whoever shares it.
 */
public final class Qcow2Header {
    private final ByteBuffer bytes;
    private final List<HeaderExtension> extensions;
    private Optional<String> backingFile;

    Qcow2Header(ByteBuffer bytes, List<HeaderExtension> extensions, Optional<String> backingFile) {
        this.bytes = bytes;
        this.extensions = new ArrayList<>(extensions);
        this.backingFile = backingFile;
    }

    /**
     * An empty header, to be filled in.
     *
     * @param version 2 or 3
     */
    public static Qcow2Header create(int version, Qcow2Geometry geometry, long sizeBytes) {
        int length = version == 2 ? Qcow2Layout.V2_BYTES : Qcow2Layout.WRITTEN_BYTES;
        ByteBuffer bytes = ByteBuffer.allocate(length);
        bytes.putInt(0, Qcow2Layout.MAGIC).putInt(Qcow2Layout.VERSION, version);
        bytes.putInt(Qcow2Layout.CLUSTER_BITS, geometry.clusterBits()).putLong(Qcow2Layout.SIZE, sizeBytes);
        Qcow2Header header = new Qcow2Header(bytes, List.of(), Optional.empty());
        if (version > 2) {
            bytes.putInt(Qcow2Layout.REFCOUNT_ORDER, geometry.refcountOrder());
            bytes.putInt(Qcow2Layout.HEADER_LENGTH, length);
            header.extensions.add(FeatureNames.known());
            header.set(Qcow2Feature.EXTENDED_L2, geometry.extendedL2());
        }
        return header;
    }

    /**
     * Reads and checks a header.
     *
     * @param image name for messages
     * @throws InvalidImageException when it is not the header of an image that can be served
     */
    public static Qcow2Header read(BlockFile file, String image) {
        byte[] start = new byte[1 << Qcow2Layout.MIN_CLUSTER_BITS];
        file.read(0, MemorySegment.ofArray(start));
        int clusterBits = HeaderChecks.clusterBits(ByteBuffer.wrap(start), image);
        byte[] cluster = new byte[1 << clusterBits];
        file.read(0, MemorySegment.ofArray(cluster));
        return HeaderParser.parse(cluster, image);
    }

    /** The header as it is now, for {@link #restore}. */
    public Qcow2Header copy() {
        return new Qcow2Header(ByteBuffer.wrap(bytes.array().clone()), extensions, backingFile);
    }

    /** Takes all changes since a {@link #copy} back. */
    public void restore(Qcow2Header copy) {
        bytes.put(0, copy.bytes, 0, bytes.capacity());
        extensions.clear();
        extensions.addAll(copy.extensions);
        backingFile = copy.backingFile;
    }

    /** 2 or 3. */
    public int version() {
        return bytes.getInt(Qcow2Layout.VERSION);
    }

    /** Cluster size, refcount width, kind of L2 entries. */
    public Qcow2Geometry geometry() {
        int order = version() == 2 ? Qcow2Layout.DEFAULT_REFCOUNT_ORDER : bytes.getInt(Qcow2Layout.REFCOUNT_ORDER);
        return new Qcow2Geometry(bytes.getInt(Qcow2Layout.CLUSTER_BITS), order, has(Qcow2Feature.EXTENDED_L2));
    }

    /** Size of the guest's disk in bytes. */
    public long sizeBytes() {
        return bytes.getLong(Qcow2Layout.SIZE);
    }

    /** Entries of the L1 table. */
    public int l1Entries() {
        return bytes.getInt(Qcow2Layout.L1_SIZE);
    }

    /** Where the L1 table is. */
    public long l1OffsetBytes() {
        return bytes.getLong(Qcow2Layout.L1_OFFSET);
    }

    /** Where the refcount table is. */
    public long refcountTableOffsetBytes() {
        return bytes.getLong(Qcow2Layout.REFCOUNT_TABLE_OFFSET);
    }

    /** Clusters of the refcount table. */
    public int refcountTableClusters() {
        return bytes.getInt(Qcow2Layout.REFCOUNT_TABLE_CLUSTERS);
    }

    /** Number of internal snapshots. */
    public int snapshots() {
        return bytes.getInt(Qcow2Layout.SNAPSHOT_COUNT);
    }

    /** Where the snapshot table is. */
    public long snapshotsOffsetBytes() {
        return bytes.getLong(Qcow2Layout.SNAPSHOTS_OFFSET);
    }

    /** Bytes of the header without extensions. */
    public int headerLength() {
        return version() == 2 ? Qcow2Layout.V2_BYTES : bytes.getInt(Qcow2Layout.HEADER_LENGTH);
    }

    /** How compressed clusters are compressed. */
    public CompressionType compression() {
        boolean named = version() > 2 && headerLength() > Qcow2Layout.COMPRESSION_TYPE;
        return CompressionType.values()[named ? bytes.get(Qcow2Layout.COMPRESSION_TYPE) : 0];
    }

    /** All bits of one kind; 0 in version 2. */
    public long features(Qcow2Feature.Kind kind) {
        return version() == 2 ? 0 : bytes.getLong(fieldOf(kind));
    }

    /** Whether a bit is set. */
    public boolean has(Qcow2Feature feature) {
        return (features(feature.kind()) & feature.mask()) != 0;
    }

    /** The name of the backing file, if there is one. */
    public Optional<String> backingFile() {
        return backingFile;
    }

    /** The format of the backing file, if the image names it. */
    public Optional<String> backingFormat() {
        return extension(Qcow2Layout.EXTENSION_BACKING_FORMAT).map(HeaderExtension::text);
    }

    /** The name of the external data file, if the image names it. */
    public Optional<String> dataFile() {
        return extension(Qcow2Layout.EXTENSION_DATA_FILE).map(HeaderExtension::text);
    }

    /** The extension of a type, if there is one. */
    public Optional<HeaderExtension> extension(int type) {
        return extensions.stream().filter(e -> e.type() == type).findFirst();
    }

    /** All extensions, in their order. */
    public List<HeaderExtension> extensions() {
        return List.copyOf(extensions);
    }

    /** Sets or clears a bit. Version 3 only. */
    public void set(Qcow2Feature feature, boolean on) {
        long bits = features(feature.kind());
        setFeatures(feature.kind(), on ? bits | feature.mask() : bits & ~feature.mask());
    }

    /** Sets all bits of one kind. Version 3 only. */
    public void setFeatures(Qcow2Feature.Kind kind, long bits) {
        if (version() > 2) {
            bytes.putLong(fieldOf(kind), bits);
        } else if (bits != 0) {
            throw new IllegalArgumentException("an image of version 2 has no features: create it with compat=1.1");
        }
    }

    /** Sets the size of the guest's disk. */
    public void setSize(long sizeBytes) {
        bytes.putLong(Qcow2Layout.SIZE, sizeBytes);
    }

    /** Says where the L1 table is. */
    public void setL1(long offsetBytes, int entries) {
        bytes.putInt(Qcow2Layout.L1_SIZE, entries).putLong(Qcow2Layout.L1_OFFSET, offsetBytes);
    }

    /** Says where the refcount table is. */
    public void setRefcountTable(long offsetBytes, int clusters) {
        bytes.putLong(Qcow2Layout.REFCOUNT_TABLE_OFFSET, offsetBytes);
        bytes.putInt(Qcow2Layout.REFCOUNT_TABLE_CLUSTERS, clusters);
    }

    /** Says where the snapshot table is. */
    public void setSnapshots(long offsetBytes, int count) {
        bytes.putInt(Qcow2Layout.SNAPSHOT_COUNT, count).putLong(Qcow2Layout.SNAPSHOTS_OFFSET, offsetBytes);
    }

    /** Says how clusters are compressed, and sets the bit that goes with it. */
    public void setCompression(CompressionType type) {
        set(Qcow2Feature.COMPRESSION, type != CompressionType.ZLIB);
        if (version() > 2) {
            bytes.put(Qcow2Layout.COMPRESSION_TYPE, (byte) type.ordinal());
        }
    }

    /** Names the backing file and its format; both empty: none. */
    public void setBacking(Optional<String> file, Optional<String> format) {
        backingFile = file;
        setText(Qcow2Layout.EXTENSION_BACKING_FORMAT, format);
    }

    /** Names the external data file. */
    public void setDataFile(Optional<String> file) {
        setText(Qcow2Layout.EXTENSION_DATA_FILE, file);
    }

    private void setText(int type, Optional<String> text) {
        setExtension(type, text.map(t -> t.getBytes(StandardCharsets.UTF_8)));
    }

    /** Replaces an extension in its place, adds it, or removes it. */
    public void setExtension(int type, Optional<byte[]> data) {
        int at = 0;
        while (at < extensions.size() && extensions.get(at).type() != type) {
            at++;
        }
        if (at < extensions.size()) {
            extensions.remove(at);
        }
        int place = at;
        data.ifPresent(d -> extensions.add(place, new HeaderExtension(type, d)));
    }

    /**
     * The first cluster of the image: header, extensions, backing file's name, zeroes. The table of feature names is left out
     * where it does not fit: it is there for people only.
     *
     * @throws IllegalArgumentException when a cluster is too small for all that
     */
    public byte[] toCluster() {
        byte[] name = backingFile.orElse("").getBytes(StandardCharsets.UTF_8);
        int clusterBytes = 1 << bytes.getInt(Qcow2Layout.CLUSTER_BITS);
        if (end() + name.length > clusterBytes) {
            setExtension(Qcow2Layout.EXTENSION_FEATURE_NAMES, Optional.empty());
        }
        int end = end();
        if (name.length > Qcow2Layout.MAX_BACKING_NAME_BYTES || end + name.length > clusterBytes) {
            throw new IllegalArgumentException(
                    "the header does not fit in a cluster of " + clusterBytes + " bytes: use shorter file names");
        }
        bytes.putLong(Qcow2Layout.BACKING_OFFSET, name.length == 0 ? 0 : end);
        bytes.putInt(Qcow2Layout.BACKING_SIZE, name.length);
        ByteBuffer cluster = ByteBuffer.wrap(Arrays.copyOf(bytes.array(), clusterBytes));
        cluster.position(headerLength());
        for (HeaderExtension extension : extensions) {
            int next = cluster.position() + extension.storedBytes();
            cluster.putInt(extension.type()).putInt(extension.data().length).put(extension.data());
            cluster.position(next);
        }
        cluster.put(end, name);
        return cluster.array();
    }

    /** Where the extensions end. */
    private int end() {
        int end = headerLength() + Qcow2Layout.EXTENSION_HEADER_BYTES;
        for (HeaderExtension extension : extensions) {
            end += extension.storedBytes();
        }
        return end;
    }

    private static int fieldOf(Qcow2Feature.Kind kind) {
        return switch (kind) {
            case INCOMPATIBLE -> Qcow2Layout.INCOMPATIBLE;
            case COMPATIBLE -> Qcow2Layout.COMPATIBLE;
            case AUTOCLEAR -> Qcow2Layout.AUTOCLEAR;
        };
    }
}
