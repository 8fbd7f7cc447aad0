package ringside.emulator.guest;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.memory.Le;

/** Reads the answer to a VIRTIO_BLK_T_ZONE_REPORT (VIRTIO-1.4 §5.2.6, struct virtio_blk_zone_report). */
public final class ZoneReport {
    private ZoneReport() {}

    /**
     * One zone.
     *
     * @param capacitySectors z_cap
     * @param startSector z_start
     * @param writePointerSector z_wp; has no meaning for full, read-only, offline and conventional zones
     * @param type z_type: 1 conventional, 2 write in order, 3 preferably so
     * @param state z_state: 0 no write pointer, 1 empty, 2 implicitly, 3 explicitly open, 4 closed, 13 read-only, 14 full,
     *     15 offline
     */
    public record Zone(long capacitySectors, long startSector, long writePointerSector, int type, int state) {}

    /** The zones of a report. Allocates. */
    public static List<Zone> read(GuestMemory memory, long reportGpa) {
        MemorySegment ram = memory.ram();
        long header = memory.translate(reportGpa, BlkConstants.ZONE_REPORT_HEADER_BYTES);
        long count = Le.get64Unaligned(ram, header);
        List<Zone> zones = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            long gpa = reportGpa + BlkConstants.ZONE_REPORT_HEADER_BYTES + i * BlkConstants.ZONE_DESCRIPTOR_BYTES;
            long at = memory.translate(gpa, BlkConstants.ZONE_DESCRIPTOR_BYTES);
            zones.add(new Zone(
                    Le.get64Unaligned(ram, at),
                    Le.get64Unaligned(ram, at + 8),
                    Le.get64Unaligned(ram, at + 16),
                    Le.get8(ram, at + 24),
                    Le.get8(ram, at + 25)));
        }
        return zones;
    }
}
