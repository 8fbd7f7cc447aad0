package ringside.emulator.block.qcow2;

/** Where a lookup writes what it found: the words of an L2 entry. Reused. */
final class Mapping {
    /** First word; 0 where there is no L2 table. */
    long entry;

    /** Second word of an extended entry, otherwise 0. */
    long bitmap;

    void clear() {
        entry = 0;
        bitmap = 0;
    }
}
