package ringside.emulator.block.filter;

import java.lang.foreign.MemorySegment;
import ringside.emulator.memory.Le;

/**
 * A log of dm-log-writes on disk (Linux: Documentation/admin-guide/device-mapper/log-writes.rst). Sector 0 holds the super block, from sector
 * 1 on each entry has a sector, followed by its data. All numbers are little-endian; a sector is of the size that the super block says, also
 * in the entries.
 *
 * <pre>
 *  super: magic 8 | version 8 | number of entries 8 | sector size 4
 *  entry: sector 8 | number of sectors 8 | flags 8 | length of a mark's text 8 | that text
 * </pre>
 */
final class LogFormat {
    static final long MAGIC = 0x6a736677736872L;
    static final long VERSION = 1;
    static final long FLUSH = 1;
    static final long FUA = 2;
    static final long DISCARD = 4;
    static final long MARK = 8;
    static final int ENTRY_BYTES = 32;
    static final int SUPER_BYTES = 28;

    private static final int VERSION_AT = 8;
    private static final int ENTRIES_AT = 16;
    private static final int SECTOR_SIZE_AT = 24;
    private static final int SECTORS_AT = 8;
    private static final int FLAGS_AT = 16;
    private static final int TEXT_BYTES_AT = 24;

    private LogFormat() {}

    static void putSuper(MemorySegment at, long entries, int sectorBytes) {
        Le.put64(at, 0, MAGIC);
        Le.put64(at, VERSION_AT, VERSION);
        Le.put64(at, ENTRIES_AT, entries);
        Le.put32(at, SECTOR_SIZE_AT, sectorBytes);
    }

    static boolean isLog(MemorySegment at) {
        return Le.get64(at, 0) == MAGIC && Le.get64(at, VERSION_AT) == VERSION;
    }

    static long entries(MemorySegment at) {
        return Le.get64(at, ENTRIES_AT);
    }

    static int sectorBytes(MemorySegment at) {
        return Le.get32(at, SECTOR_SIZE_AT);
    }

    static void putEntry(MemorySegment at, long sector, long sectors, long flags, long textBytes) {
        Le.put64(at, 0, sector);
        Le.put64(at, SECTORS_AT, sectors);
        Le.put64(at, FLAGS_AT, flags);
        Le.put64(at, TEXT_BYTES_AT, textBytes);
    }

    /** How many sectors an entry takes in the log, with its data. */
    static long entrySectors(MemorySegment at) {
        boolean noData = (Le.get64(at, FLAGS_AT) & DISCARD) != 0;
        return 1 + (noData ? 0 : Le.get64(at, SECTORS_AT));
    }
}
