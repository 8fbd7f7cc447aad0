package ringside.emulator.block.qcow2;

import ringside.emulator.block.BlockEvents;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.qcow2.format.Qcow2Geometry;
import ringside.emulator.block.qcow2.format.Qcow2Header;

/**
 * The parts of an opened image that the classes of this room share.
 *
 * @param file what stores the metadata
 * @param data what stores the guest's data: the same, or the external data file
 * @param events where it is said what is about to be done, for blkdebug
 * @param discards whether freed clusters are given back to the file system
 */
record ImageParts(
        Qcow2Header header,
        Qcow2Geometry geometry,
        BlockFile file,
        BlockFile data,
        ImageLocks locks,
        L1Table l1,
        L2Cache l2,
        Refcounts refcounts,
        Allocator allocator,
        MetadataMap metadata,
        Grace grace,
        BlockEvents events,
        boolean discards) {}
