package ringside.emulator.block;

import java.lang.foreign.MemorySegment;

/**
 * The blocking, byte-addressed side of a node (QEMU: bdrv_pread and its kin): for metadata, for tools, for what takes long
 * anyway. Any thread may call; calls on disjoint ranges are independent, and a call returns when the outcome is known. Never
 * called on the thread of a loop. Every method throws {@link BlockIoException} when the storage fails.
 *
 * <p>Segments may be native or on the heap; native ones save a copy.
 */
public interface BlockFile {
    /** Fills the segment from an offset. What lies behind the end reads as zeroes. */
    void read(long offsetBytes, MemorySegment into);

    /** Writes all of the segment at an offset. A file that grows is made longer where needed; any other fails with EIO. */
    void write(long offsetBytes, MemorySegment from);

    /**
     * Makes a range read as zeroes.
     *
     * @param mayUnmap whether its storage may be given back
     */
    void writeZeroes(long offsetBytes, long lengthBytes, boolean mayUnmap);

    /** The content of a range is no longer needed. */
    void discard(long offsetBytes, long lengthBytes);

    /** Returns when everything written before is stable, as far as the cache mode promises. */
    void flush();

    /** Length in bytes, to the byte. */
    long lengthBytes();

    /** Makes the file shorter or longer; new bytes read as zeroes. */
    void truncate(long lengthBytes);
}
