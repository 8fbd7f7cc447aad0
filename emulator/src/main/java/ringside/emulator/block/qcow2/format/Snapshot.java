package ringside.emulator.block.qcow2.format;

/**
 * An internal snapshot.
 *
 * @param l1OffsetBytes where its L1 table is
 * @param l1Entries entries of its L1 table
 * @param id unique text, a number by custom
 * @param name name, may be empty
 * @param dateSeconds when it was taken, in seconds since 1970
 * @param dateNs the rest of that in ns
 * @param vmClockNs how long the machine had run
 * @param vmStateBytes size of the machine's state that goes with it
 * @param diskBytes size of the disk then; -1 where the image does not say
 * @param moreExtra extra data behind those two, as they are
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares snapshots
public record Snapshot(
        long l1OffsetBytes,
        int l1Entries,
        String id,
        String name,
        int dateSeconds,
        int dateNs,
        long vmClockNs,
        long vmStateBytes,
        long diskBytes,
        byte[] moreExtra) {}
