package ringside.emulator.block.qcow2;

/** A part of the guest's disk that is mapped in one way: what {@link ExtentFinder} fills in. Reused. */
final class Extent {
    /** How a part of the disk is stored. */
    enum Kind {
        /** In the data file at {@link Extent#hostBytes}. */
        DATA,
        /** Not at all: it reads as zeroes. */
        ZERO,
        /** Not in this image: it is what is behind it, or zeroes. */
        UNALLOCATED,
        /** Compressed. */
        COMPRESSED
    }

    Kind kind;

    /** Where it begins in the data file; 0 unless {@link Kind#DATA}. */
    long hostBytes;

    /** How far it goes. */
    long lengthBytes;

    /** {@link Kind#DATA}: may be written in place. */
    boolean copied;

    /** Words of the L2 entry of its first cluster. */
    long entry;

    long bitmap;
}
