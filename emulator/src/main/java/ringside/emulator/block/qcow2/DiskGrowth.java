package ringside.emulator.block.qcow2;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import ringside.emulator.block.BlockEvent;
import ringside.emulator.block.BlockEvents;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.qcow2.format.Qcow2Geometry;
import ringside.emulator.block.qcow2.format.Qcow2Header;

/** Makes the guest's disk larger, with no request in flight. */
final class DiskGrowth {
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private DiskGrowth() {}

    /** @param clear makes what becomes visible read as zeroes; done before the disk is larger on storage */
    static void grow(Qcow2Metadata metadata, Qcow2Header header, HeaderWriter writer, long sizeBytes, Runnable clear) {
        Qcow2Geometry geometry = metadata.geometry();
        long needed = geometry.l1Entries(sizeBytes);
        if (needed << 3 > ringside.emulator.block.qcow2.format.Qcow2Layout.MAX_L1_BYTES) {
            throw new IllegalArgumentException("qcow2: a disk of %d bytes needs larger clusters than %d bytes"
                    .formatted(sizeBytes, geometry.clusterBytes()));
        }
        if (needed > header.l1Entries()) {
            moveL1(metadata, header, writer, (int) needed);
        }
        metadata.parts().l2().grow(sizeBytes);
        clear.run();
        BlockFile data = metadata.parts().data();
        if (metadata.dataFile() && data.lengthBytes() < sizeBytes) {
            data.truncate(sizeBytes); // who reads it as a raw image sees all of the disk
        }
        metadata.flush();
        writer.write(h -> h.setSize(sizeBytes));
    }

    private static void moveL1(Qcow2Metadata metadata, Qcow2Header header, HeaderWriter writer, int entries) {
        Qcow2Geometry geometry = metadata.geometry();
        long old = header.l1OffsetBytes();
        long oldClusters = geometry.clusters((long) header.l1Entries() * Long.BYTES);
        int clusters = (int) geometry.clusters((long) entries * Long.BYTES);
        BlockEvents events = metadata.parts().events();
        events.raise(BlockEvent.L1_GROW_ALLOC_TABLE);
        long place = metadata.allocate(clusters) & ~Qcow2Metadata.FRESH;
        MemorySegment table = MemorySegment.ofArray(new byte[clusters << geometry.clusterBits()]);
        long[] content = metadata.parts().l1().copy(entries);
        for (int i = 0; i < entries; i++) {
            table.setAtIndex(WORD, i, content[i]);
        }
        events.raise(BlockEvent.L1_GROW_WRITE_TABLE);
        metadata.parts().file().write(place, table);
        metadata.flush(); // refcounts of the new place, and of the tables that it refers to
        events.raise(BlockEvent.L1_GROW_ACTIVATE_TABLE);
        writer.write(h -> h.setL1(place, entries));
        metadata.parts().l1().grow(entries);
        metadata.parts().allocator().metadataMoved(place, clusters);
        if (old != 0) {
            metadata.free(old, oldClusters);
        }
    }
}
