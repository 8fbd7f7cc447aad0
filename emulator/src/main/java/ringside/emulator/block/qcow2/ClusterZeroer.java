package ringside.emulator.block.qcow2;

import java.lang.foreign.MemorySegment;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.qcow2.format.L2Entry;
import ringside.emulator.block.qcow2.format.Qcow2Geometry;

/** Blocking WRITE_ZEROES and DISCARD. The caller holds the clusters. */
final class ClusterZeroer {
    private static final long ALL = 0xffff_ffffL;
    private static final int STEP_BYTES = 64 << 10;

    private final Qcow2Metadata metadata;
    private final Qcow2Geometry geometry;
    private final Qcow2File image;
    private final BlockFile data;
    private final BackingSource backing;
    private final ClusterWriter writer;

    ClusterZeroer(Qcow2Metadata metadata, Qcow2File image, BackingSource backing) {
        this.metadata = metadata;
        this.geometry = metadata.geometry();
        this.image = image;
        this.data = metadata.parts().data();
        this.backing = backing;
        this.writer = new ClusterWriter(metadata, image, backing);
    }

    /** What is done with a part of one cluster. */
    private interface Part {
        void change(long at, long length);
    }

    private void eachCluster(long offset, long length, Part part) {
        for (long done = 0; done < length; ) {
            long at = offset + done;
            long end = geometry.clusterStart(at) + geometry.clusterBytes();
            long here = Math.min(length - done, end - at);
            part.change(at, here);
            done += here;
        }
    }

    void zero(long offset, long length, boolean mayUnmap) {
        eachCluster(offset, length, (at, here) -> zeroPart(at, here, mayUnmap, false));
    }

    /** Zeroes that the image itself says, whatever is behind it later. */
    void keepZero(long offset, long length) {
        eachCluster(offset, length, (at, here) -> zeroPart(at, here, true, true));
    }

    /** Ends at the end of the disk count as ends of a cluster. */
    private boolean whole(long at, long length) {
        boolean end = at + length == image.lengthBytes() || (at + length & geometry.clusterBytes() - 1) == 0;
        return end && geometry.clusterStart(at) == at;
    }

    private void zeroPart(long at, long length, boolean mayUnmap, boolean said) {
        Extent extent = new Extent();
        metadata.find(metadata.finder(), at, length, extent);
        if (extent.lengthBytes >= length
                && !said
                && readsAsZeroes(at, extent)
                && !(mayUnmap && extent.kind == Extent.Kind.ZERO)) {
            return;
        }
        if (whole(at, length) && (metadata.version3() || !said && !backing.reaches(at))) {
            zeroCluster(at, mayUnmap);
        } else if (geometry.extendedL2()) {
            zeroSubclusters(at, length);
        } else {
            writeZeroBytes(at, length);
        }
    }

    private boolean readsAsZeroes(long at, Extent extent) {
        boolean nothing = extent.kind == Extent.Kind.UNALLOCATED && !backing.reaches(at);
        return nothing || extent.kind == Extent.Kind.ZERO;
    }

    /** A whole cluster: the flag for zeroes, and with it or without it the place that the cluster had. */
    private void zeroCluster(long start, boolean mayUnmap) {
        Extent extent = new Extent();
        metadata.find(metadata.finder(), start, 1, extent);
        long old = extent.entry;
        boolean keeps = !mayUnmap && metadata.version3() && !L2Entry.compressed(old) && (old & L2Entry.COPIED) != 0
                || metadata.dataFile();
        long place = keeps ? old & (L2Entry.OFFSET_MASK | L2Entry.COPIED) : 0;
        if (geometry.extendedL2()) {
            metadata.link(start, place, ALL << 32);
        } else {
            metadata.link(start, metadata.version3() ? place | L2Entry.ZERO : 0, 0);
        }
        if (metadata.dataFile()) {
            long length = Math.min(geometry.clusterBytes(), image.lengthBytes() - start);
            data.writeZeroes(start, length, mayUnmap);
        } else if (place == 0) {
            metadata.freeEntry(old);
        }
    }

    /** Whole subclusters by their bits, the rest by writing. */
    private void zeroSubclusters(long at, long length) {
        int unit = geometry.subclusterBytes();
        long start = geometry.clusterStart(at);
        long firstWhole = (at + unit - 1) / unit * unit;
        long endWhole = (at + length) / unit * unit;
        if (at + length == image.lengthBytes()) {
            endWhole = (at + length + unit - 1) / unit * unit;
        }
        if (firstWhole >= endWhole) {
            writeZeroBytes(at, length);
            return;
        }
        if (at < firstWhole) {
            writeZeroBytes(at, firstWhole - at);
        }
        if (endWhole < at + length) {
            writeZeroBytes(endWhole, at + length - endWhole);
        }
        Extent extent = new Extent();
        metadata.find(metadata.finder(), start, 1, extent);
        if (L2Entry.compressed(extent.entry)) {
            writeZeroBytes(firstWhole, Math.min(endWhole, at + length) - firstWhole);
            return;
        }
        long bits = (1L << (endWhole - start) / unit) - (1L << (firstWhole - start) / unit);
        long stored = extent.bitmap & ALL & ~bits;
        metadata.link(start, extent.entry, stored | (extent.bitmap >>> 32 | bits) << 32);
        if (metadata.dataFile()) {
            data.writeZeroes(firstWhole, Math.min(endWhole, at + length) - firstWhole, true);
        }
    }

    private void writeZeroBytes(long at, long length) {
        MemorySegment zeroes = MemorySegment.ofArray(new byte[(int) Math.min(length, STEP_BYTES)]);
        for (long done = 0; done < length; done += STEP_BYTES) {
            writer.write(at + done, zeroes.asSlice(0, Math.min(STEP_BYTES, length - done)));
        }
    }

    /** Whole clusters only: a part of one cannot be given back. */
    void discard(long offset, long length) {
        eachCluster(offset, length, (at, here) -> {
            if (whole(at, here)) {
                discardCluster(at);
            }
        });
    }

    private void discardCluster(long start) {
        Extent extent = new Extent();
        metadata.find(metadata.finder(), start, 1, extent);
        boolean nothing = extent.entry == 0 && extent.bitmap == 0;
        if (nothing && !backing.reaches(start)) {
            return;
        }
        if (metadata.version3()) {
            zeroCluster(start, true);
        } else if (!backing.reaches(start)) {
            metadata.link(start, 0, 0);
            metadata.freeEntry(extent.entry);
        }
    }
}
