package ringside.emulator.block.qcow2;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.Qcow2Spec;
import ringside.emulator.block.qcow2.format.Qcow2Feature;
import ringside.emulator.block.qcow2.format.Qcow2Geometry;
import ringside.emulator.block.qcow2.format.Qcow2Header;
import ringside.emulator.block.qcow2.format.Qcow2Layout;
import ringside.emulator.block.qcow2.tool.BitmapDirectory;
import ringside.emulator.block.qcow2.tool.BitmapDirectory.Bitmap;

/**
 * Changes the persistent dirty bitmaps of an image that nobody uses. What is there is left as it is until {@link #commit};
 * without that, closing leaves the bitmaps that were there. Between opening and closing the image says that its bitmaps are
 * not to be believed: a crash loses them, and no data.
 */
public final class Qcow2Bitmaps implements AutoCloseable {
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int MIN_GRANULARITY_BITS = 9;
    private static final int MAX_GRANULARITY_BITS = 31;
    private static final int MIN_DEFAULT_BYTES = 4096;
    private static final int MAX_DEFAULT_BYTES = 65536;

    /** Bits of a table's entry: where the bits are, and that all of them are set where they are nowhere. */
    private static final long OFFSET_MASK = 0x00ff_ffff_ffff_fe00L;

    private static final long ALL_ONES = 1;

    /** Clusters of the file. */
    private record Place(long offsetBytes, long clusters) {}

    private final String image;
    private final Qcow2Node node;
    private final Qcow2Metadata metadata;
    private final Qcow2Geometry geometry;
    private final BlockFile file;
    private final List<Bitmap> bitmaps = new ArrayList<>();
    private boolean trusted;

    /** What nothing refers to once the changes are made, and what nothing refers to if they are not. */
    private final List<Place> old = new ArrayList<>();

    private final List<Place> taken = new ArrayList<>();

    private Qcow2Bitmaps(Qcow2Spec spec) {
        this.image = ImagePaths.of(spec).name();
        try (BlockNode below = BlockNodes.open(spec.file())) { // opening the image for writing makes them untrusted
            read(below.file());
        }
        this.node = Qcow2Node.open(spec);
        this.metadata = node.metadata();
        this.geometry = metadata.geometry();
        this.file = metadata.parts().file();
    }

    private void read(BlockFile below) {
        Qcow2Header header = Qcow2Header.read(below, image);
        if (header.version() < 3) {
            throw error("version 2 has no bitmaps; convert it with compat=1.1");
        }
        if (!header.has(Qcow2Feature.BITMAPS)) {
            return;
        }
        BitmapDirectory.read(below, header, image).ifPresent(directory -> {
            trusted = true;
            bitmaps.addAll(directory.bitmaps());
            old.add(new Place(directory.offsetBytes(), header.geometry().clusters(directory.lengthBytes())));
        });
    }

    /**
     * Opens an image for changes of its bitmaps, until it is closed.
     *
     * @throws IllegalArgumentException when it cannot be opened: one line with the remedy
     */
    public static Qcow2Bitmaps open(Qcow2Spec spec) {
        return new Qcow2Bitmaps(spec);
    }

    /**
     * Adds a bitmap without a bit set, which records writes.
     *
     * @param granularityBytes what a bit stands for, a power of two of at least 512; 0: that of a cluster, from 4 to 64 KiB
     */
    public void add(String name, long granularityBytes) {
        long usual = Math.clamp(geometry.clusterBytes(), MIN_DEFAULT_BYTES, MAX_DEFAULT_BYTES);
        long granularity = granularityBytes == 0 ? usual : granularityBytes;
        int bits = Long.numberOfTrailingZeros(granularity);
        if (Long.bitCount(granularity) != 1 || bits < MIN_GRANULARITY_BITS || bits > MAX_GRANULARITY_BITS) {
            throw error("granularity " + granularity + " is not a power of two from 512 to 2G");
        }
        if (bitmaps.stream().anyMatch(b -> b.name().equals(name))) {
            throw error("has a bitmap '" + name + "' already");
        }
        long entries = geometry.clusters(bytes(bits));
        if (!BitmapDirectory.possible(name, entries)) {
            throw error("bitmap '" + name + "' has too long a name or too many bits: use a larger granularity");
        }
        bitmaps.add(new Bitmap(
                name,
                writeTable(new long[(int) entries]),
                (int) entries,
                BitmapDirectory.AUTO,
                BitmapDirectory.DIRTY_TRACKING,
                bits,
                new byte[0]));
    }

    /** Bytes of the bits of the disk. */
    private long bytes(int granularityBits) {
        return (bits(granularityBits) + 7) / 8;
    }

    private long bits(int granularityBits) {
        return (node.lengthBytes() + (1L << granularityBits) - 1) >>> granularityBits;
    }

    /** Removes a bitmap, also one that is in use and so not to be believed. */
    public void remove(String name) {
        Bitmap bitmap = find(name);
        giveUp(bitmap);
        bitmaps.remove(bitmap);
    }

    /** Unsets all bits. */
    public void clear(String name) {
        Bitmap bitmap = usable(name);
        replaceTable(bitmap, new long[bitmap.tableEntries()]);
    }

    /** Says whether a bitmap records writes. */
    public void enable(String name, boolean enabled) {
        Bitmap bitmap = usable(name);
        int flags = enabled ? bitmap.flags() | BitmapDirectory.AUTO : bitmap.flags() & ~BitmapDirectory.AUTO;
        bitmaps.set(bitmaps.indexOf(bitmap), bitmap.withFlags(flags));
    }

    /** Sets in a bitmap what is set in another one, whose granularity may be different. */
    public void merge(String into, String from) {
        Bitmap target = usable(into);
        Bitmap source = usable(from);
        if (Math.max(bits(target.granularityBits()), bits(source.granularityBits())) > Integer.MAX_VALUE) {
            throw error("bitmaps of more than 2^31 bits cannot be merged");
        }
        BitSet set = load(target);
        BitSet more = load(source);
        for (int first = more.nextSetBit(0); first >= 0; ) {
            int end = more.nextClearBit(first);
            long from0 = (long) first << source.granularityBits();
            long to = ((long) end << source.granularityBits()) - 1;
            long behind = Math.min((to >>> target.granularityBits()) + 1, bits(target.granularityBits()));
            set.set((int) (from0 >>> target.granularityBits()), (int) behind); // bits behind the disk stay unset
            first = more.nextSetBit(end);
        }
        store(target, set);
    }

    private BitSet load(Bitmap bitmap) {
        byte[] bytes = new byte[Math.toIntExact((long) bitmap.tableEntries() << geometry.clusterBits())];
        long[] table = table(bitmap);
        for (int i = 0; i < table.length; i++) {
            MemorySegment part =
                    MemorySegment.ofArray(bytes).asSlice((long) i << geometry.clusterBits(), geometry.clusterBytes());
            if ((table[i] & OFFSET_MASK) != 0) {
                file.read(place(table[i]), part);
            } else {
                part.fill((byte) ((table[i] & ALL_ONES) == 0 ? 0 : -1));
            }
        }
        BitSet set = BitSet.valueOf(bytes);
        set.clear((int) bits(bitmap.granularityBits()), Math.max((int) bits(bitmap.granularityBits()), set.length()));
        return set;
    }

    private void store(Bitmap bitmap, BitSet set) {
        byte[] bytes = set.toByteArray();
        long[] table = new long[bitmap.tableEntries()];
        for (int i = 0; i < table.length; i++) {
            int from = Math.min(bytes.length, i << geometry.clusterBits());
            int to = (int) Math.min(bytes.length, (i + 1L) << geometry.clusterBits());
            byte[] part = new byte[geometry.clusterBytes()];
            System.arraycopy(bytes, from, part, 0, to - from);
            if (!BitSet.valueOf(part).isEmpty()) {
                table[i] = take(1);
                file.write(table[i], MemorySegment.ofArray(part));
            }
        }
        replaceTable(bitmap, table);
    }

    private long take(long clusters) {
        long place = metadata.allocate(Math.toIntExact(clusters)) & ~Qcow2Metadata.FRESH;
        taken.add(new Place(place, clusters));
        return place;
    }

    private Bitmap find(String name) {
        return bitmaps.stream()
                .filter(b -> b.name().equals(name))
                .findFirst()
                .orElseThrow(() -> error("has no bitmap '" + name + "'; see ringside image info"));
    }

    private Bitmap usable(String name) {
        Bitmap bitmap = find(name);
        if (bitmap.has(BitmapDirectory.IN_USE) || bitmap.type() != BitmapDirectory.DIRTY_TRACKING) {
            throw error("bitmap '" + name + "' was in use when its program ended, or is of an unknown kind: remove it");
        }
        return bitmap;
    }

    private long[] table(Bitmap bitmap) {
        long at = bitmap.tableOffsetBytes();
        boolean inFile = geometry.clusterStart(at) == at
                && at >= 0
                && (long) bitmap.tableEntries() * Long.BYTES <= file.lengthBytes() - at;
        boolean fits = bitmap.granularityBits() >= MIN_GRANULARITY_BITS
                && bitmap.granularityBits() <= MAX_GRANULARITY_BITS
                && bitmap.tableEntries() == geometry.clusters(bytes(bitmap.granularityBits()));
        if (!inFile || !fits) {
            throw error("bitmap '" + bitmap.name() + "' has a table that cannot be; check the image");
        }
        MemorySegment bytes = MemorySegment.ofArray(new byte[bitmap.tableEntries() * Long.BYTES]);
        file.read(at, bytes);
        long[] table = new long[bitmap.tableEntries()];
        for (int i = 0; i < table.length; i++) {
            table[i] = bytes.getAtIndex(WORD, i);
        }
        return table;
    }

    private void replaceTable(Bitmap bitmap, long[] table) {
        giveUp(bitmap);
        bitmaps.set(
                bitmaps.indexOf(bitmap),
                new Bitmap(
                        bitmap.name(),
                        writeTable(table),
                        table.length,
                        bitmap.flags(),
                        bitmap.type(),
                        bitmap.granularityBits(),
                        bitmap.extra()));
    }

    /** Writes a table to a new place: where it is, 0 for one without entries. */
    private long writeTable(long[] table) {
        if (table.length == 0) {
            return 0;
        }
        long clusters = geometry.clusters((long) table.length * Long.BYTES);
        MemorySegment bytes = MemorySegment.ofArray(new byte[Math.toIntExact(clusters << geometry.clusterBits())]);
        for (int i = 0; i < table.length; i++) {
            bytes.setAtIndex(WORD, i, table[i]);
        }
        long place = take(clusters);
        file.write(place, bytes);
        return place;
    }

    /** The bits and the table of a bitmap will be free. */
    private void giveUp(Bitmap bitmap) {
        for (long entry : table(bitmap)) {
            if ((entry & OFFSET_MASK) != 0) {
                old.add(new Place(place(entry), 1));
            }
        }
        if (bitmap.tableEntries() > 0) {
            old.add(new Place(bitmap.tableOffsetBytes(), geometry.clusters((long) bitmap.tableEntries() * Long.BYTES)));
        }
    }

    private long place(long entry) {
        long place = entry & OFFSET_MASK;
        if (geometry.clusterStart(place) != place || place >= file.lengthBytes()) {
            throw error("a bitmap leads to byte " + place + ", where it cannot be; check the image");
        }
        return place;
    }

    private IllegalArgumentException error(String text) {
        return new IllegalArgumentException("image " + image + ": " + text);
    }

    /** Makes the changes last. */
    public void commit() {
        // What an image says to be a bitmap's may be metadata, which must not become free.
        old.forEach(p -> metadata.requireNoMetadata(p.offsetBytes(), p.clusters() << geometry.clusterBits()));
        byte[] directory = BitmapDirectory.toBytes(bitmaps);
        long place = 0;
        if (!bitmaps.isEmpty()) {
            place = take(geometry.clusters(directory.length));
            file.write(place, MemorySegment.ofArray(directory));
        }
        metadata.flush();
        Optional<byte[]> extension = bitmaps.isEmpty()
                ? Optional.empty()
                : Optional.of(BitmapDirectory.extension(bitmaps.size(), place, directory.length));
        node.headerWriter().write(header -> {
            header.setExtension(Qcow2Layout.EXTENSION_BITMAPS, extension);
            header.set(Qcow2Feature.BITMAPS, extension.isPresent());
        });
        taken.clear();
        free(old);
        trusted = false; // what was said of the bitmaps before
    }

    private void free(List<Place> places) {
        places.forEach(p -> metadata.free(p.offsetBytes(), p.clusters()));
        places.clear();
    }

    @Override
    public void close() {
        try {
            if (trusted && !metadata.corrupt()) { // nothing was changed
                node.headerWriter().write(header -> header.set(Qcow2Feature.BITMAPS, true));
            }
            free(taken);
        } finally {
            node.close();
        }
    }
}
