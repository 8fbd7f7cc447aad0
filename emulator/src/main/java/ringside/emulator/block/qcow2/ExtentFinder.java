package ringside.emulator.block.qcow2;

import ringside.emulator.block.qcow2.format.L2Entry;
import ringside.emulator.block.qcow2.format.Qcow2Geometry;

/** Looks up how a range of the guest's disk is stored, in memory only. Confined to one thread. */
final class ExtentFinder {
    private final Qcow2Geometry geometry;
    private final L2Cache l2;
    private final boolean dataFile;
    private final boolean zeroFlag;
    private final MetadataMap metadata;
    private final Mapping mapping = new Mapping();
    private Extent.Kind kind;
    private long host;

    /**
     * @param dataFile whether guest data are in a file of their own, where offset 0 is a place like any other
     * @param zeroFlag whether entries have a flag for zeroes: version 3
     * @param metadata marks the image where the mapping cannot be
     */
    ExtentFinder(Qcow2Geometry geometry, L2Cache l2, boolean dataFile, boolean zeroFlag, MetadataMap metadata) {
        this.geometry = geometry;
        this.l2 = l2;
        this.dataFile = dataFile;
        this.metadata = metadata;
        this.zeroFlag = zeroFlag && !geometry.extendedL2();
    }

    /**
     * Finds what begins at a guest offset.
     *
     * @param maxBytes how far to look
     * @return false when a table must be loaded to know even the first byte
     * @throws ringside.emulator.block.BlockIoException when the mapping cannot be
     */
    boolean find(long guestOffset, long maxBytes, Extent into) {
        if (!l2.lookup(guestOffset, mapping)) {
            return false;
        }
        into.entry = mapping.entry;
        into.bitmap = mapping.bitmap;
        into.copied = (mapping.entry & L2Entry.COPIED) != 0;
        classify(guestOffset);
        into.kind = kind;
        into.hostBytes = host;
        long unit = geometry.subclusterBytes();
        long length = unit - (guestOffset & unit - 1);
        if (kind == Extent.Kind.COMPRESSED) {
            length = geometry.clusterBytes() - (guestOffset & geometry.clusterBytes() - 1);
        } else {
            while (length < maxBytes && continues(guestOffset + length, into, length)) {
                length += unit;
            }
        }
        into.lengthBytes = Math.min(length, maxBytes);
        return true;
    }

    private boolean continues(long guestOffset, Extent first, long length) {
        if (!l2.lookup(guestOffset, mapping)) {
            return false;
        }
        classify(guestOffset);
        boolean same = kind == first.kind && (mapping.entry & L2Entry.COPIED) != 0 == first.copied;
        return same && (kind != Extent.Kind.DATA || host == first.hostBytes + length);
    }

    private void classify(long guestOffset) {
        long entry = mapping.entry;
        host = 0;
        if (L2Entry.compressed(entry)) {
            if (dataFile) {
                throw metadata.corruption("a cluster of an external data file is compressed");
            }
            kind = Extent.Kind.COMPRESSED;
            return;
        }
        long cluster = L2Entry.offset(entry);
        if ((cluster & geometry.clusterBytes() - 1) != 0) {
            throw metadata.corruption(
                    "guest byte %d is mapped to byte %d, where no cluster begins".formatted(guestOffset, cluster));
        }
        boolean stored = cluster != 0 || dataFile && (entry & L2Entry.COPIED) != 0;
        kind = geometry.extendedL2() ? subcluster(guestOffset, stored) : cluster(entry, stored);
        if (kind == Extent.Kind.DATA) {
            host = cluster + (guestOffset & geometry.clusterBytes() - 1);
        }
    }

    private Extent.Kind cluster(long entry, boolean stored) {
        if (zeroFlag && (entry & L2Entry.ZERO) != 0) {
            return Extent.Kind.ZERO;
        }
        return stored ? Extent.Kind.DATA : Extent.Kind.UNALLOCATED;
    }

    private Extent.Kind subcluster(long guestOffset, boolean stored) {
        int index = (int) ((guestOffset & geometry.clusterBytes() - 1) / geometry.subclusterBytes());
        if (L2Entry.contradictory(mapping.bitmap)) {
            throw metadata.corruption("a subcluster at guest byte %d is both stored and zero".formatted(guestOffset));
        }
        if (L2Entry.subclusterZero(mapping.bitmap, index)) {
            return Extent.Kind.ZERO;
        }
        if (!L2Entry.subclusterAllocated(mapping.bitmap, index)) {
            return Extent.Kind.UNALLOCATED;
        }
        if (!stored) {
            throw metadata.corruption("a subcluster at guest byte %d is stored nowhere".formatted(guestOffset));
        }
        return Extent.Kind.DATA;
    }
}
