package ringside.emulator.device.blk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.ZoneModel;
import ringside.emulator.block.ZoneSpec;
import ringside.emulator.block.ZonedStorage;

/**
 * {@code struct virtio_blk_config} (VIRTIO-1.2 §5.2.4). Fields may be read before negotiation and are filled for
 * everything that is offered (§2.5.2); what is not offered reads as 0, and so do the padding bytes (§5.2.5.2). Accessed
 * under the big lock.
 */
final class BlkConfigSpace {
    private static final byte VIRTIO_BLK_Z_HM = 1;
    private static final byte VIRTIO_BLK_Z_HA = 2;

    private final ByteBuffer bytes =
            ByteBuffer.allocate(BlkConstants.CONFIG_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final boolean writebackWritable;
    private final Optional<ZonedStorage> zones;
    private final int logicalBytes;
    private int generation;

    BlkConfigSpace(BlockNode node, BlkSettings settings) {
        BlkOptions options = settings.options();
        bytes.putLong(BlkConstants.CONFIG_CAPACITY, node.lengthBytes() >> BlkConstants.SECTOR_SHIFT);
        bytes.putInt(BlkConstants.CONFIG_SIZE_MAX, options.sizeMaxBytes());
        bytes.putInt(BlkConstants.CONFIG_SEG_MAX, settings.segMax());
        bytes.putInt(BlkConstants.CONFIG_BLK_SIZE, options.logicalBlockBytes());
        bytes.put(BlkConstants.CONFIG_WRITEBACK, (byte) (node.writeback() ? 1 : 0));
        bytes.putShort(BlkConstants.CONFIG_NUM_QUEUES, (short) settings.queues());
        int physicalBytes = physicalBlockBytes(node, options);
        putTopology(options, physicalBytes);
        putRangeLimits(node, options, physicalBytes);
        this.zones = node.zones();
        this.logicalBytes = options.logicalBlockBytes();
        showZones(true);
        this.writebackWritable = settings.configWce();
    }

    /** What the options say, or what the storage prefers. */
    private static int physicalBlockBytes(BlockNode node, BlkOptions options) {
        return options.physicalBlockBytes() == 0
                ? Math.max(node.physicalBlockBytes(), options.logicalBlockBytes())
                : options.physicalBlockBytes();
    }

    /** Sizes of I/O are in logical blocks, the exponent of the physical block, too. */
    private void putTopology(BlkOptions options, int physicalBytes) {
        int logicalBytes = options.logicalBlockBytes();
        int minIoBytes = options.minIoBytes() == 0 ? physicalBytes : options.minIoBytes();
        bytes.put(BlkConstants.CONFIG_PHYSICAL_BLOCK_EXP, (byte)
                Integer.numberOfTrailingZeros(physicalBytes / logicalBytes));
        bytes.putShort(BlkConstants.CONFIG_MIN_IO_SIZE, (short) (minIoBytes / logicalBytes));
        bytes.putInt(BlkConstants.CONFIG_OPT_IO_SIZE, options.optIoBytes() / logicalBytes);
    }

    /** Limits are in sectors of 512 bytes. */
    private void putRangeLimits(BlockNode node, BlkOptions options, int physicalBytes) {
        int granularityBytes =
                options.discardGranularityBytes() == 0 ? physicalBytes : options.discardGranularityBytes();
        if (discards(node, options)) {
            bytes.putInt(BlkConstants.CONFIG_MAX_DISCARD_SECTORS, options.maxRangeSectors());
            bytes.putInt(BlkConstants.CONFIG_MAX_DISCARD_SEG, options.maxRanges());
            bytes.putInt(BlkConstants.CONFIG_DISCARD_SECTOR_ALIGNMENT, granularityBytes >> BlkConstants.SECTOR_SHIFT);
        }
        if (options.writeZeroes()) {
            bytes.putInt(BlkConstants.CONFIG_MAX_WRITE_ZEROES_SECTORS, options.maxRangeSectors());
            bytes.putInt(BlkConstants.CONFIG_MAX_WRITE_ZEROES_SEG, options.maxRanges());
            bytes.put(BlkConstants.CONFIG_WRITE_ZEROES_MAY_UNMAP, (byte) (node.unmaps() ? 1 : 0));
        }
        if (options.secureErase() && node.erases()) {
            bytes.putInt(BlkConstants.CONFIG_MAX_SECURE_ERASE_SECTORS, maxEraseSectors(node, options));
            bytes.putInt(BlkConstants.CONFIG_MAX_SECURE_ERASE_SEG, options.maxRanges());
            long alignBytes =
                    node.zones().map(zones -> zones.spec().zoneBytes()).orElse((long) options.logicalBlockBytes());
            bytes.putInt(
                    BlkConstants.CONFIG_SECURE_ERASE_SECTOR_ALIGNMENT, (int) (alignBytes >> BlkConstants.SECTOR_SHIFT));
        }
    }

    /** A zone that must be written in order is emptied by a reset; such a disk has no discard (as in QEMU). */
    static boolean discards(BlockNode node, BlkOptions options) {
        boolean managed = node.zones()
                .filter(zones -> zones.spec().model() == ZoneModel.HOST_MANAGED)
                .isPresent();
        return options.discard() && !managed;
    }

    /** Zones are erased as a whole, so at least one of them fits. */
    static int maxEraseSectors(BlockNode node, BlkOptions options) {
        long zoneSectors = node.zones()
                .map(zones -> zones.spec().zoneBytes() >> BlkConstants.SECTOR_SHIFT)
                .orElse(0L);
        return (int) Math.max(options.maxRangeSectors(), zoneSectors);
    }

    /** Fills in what is said of zones, or clears it for a driver that does not accept them (VIRTIO-1.4 §5.2.5.2). */
    void showZones(boolean shown) {
        zones.ifPresent(storage -> {
            ZoneSpec spec = storage.spec();
            putZoneField(BlkConstants.CONFIG_ZONE_SECTORS, shown, spec.zoneBytes() >> BlkConstants.SECTOR_SHIFT);
            putZoneField(BlkConstants.CONFIG_MAX_OPEN_ZONES, shown, spec.maxOpen());
            putZoneField(BlkConstants.CONFIG_MAX_ACTIVE_ZONES, shown, spec.maxActive());
            putZoneField(
                    BlkConstants.CONFIG_MAX_APPEND_SECTORS, shown, spec.maxAppendBytes() >> BlkConstants.SECTOR_SHIFT);
            putZoneField(
                    BlkConstants.CONFIG_WRITE_GRANULARITY,
                    shown,
                    Math.max(storage.writeGranularityBytes(), logicalBytes));
            byte model = spec.model() == ZoneModel.HOST_MANAGED ? VIRTIO_BLK_Z_HM : VIRTIO_BLK_Z_HA;
            bytes.put(BlkConstants.CONFIG_ZONED_MODEL, shown ? model : 0);
        });
    }

    private void putZoneField(int offset, boolean shown, long value) {
        bytes.putInt(offset, shown ? (int) value : 0);
    }

    int read(int offset) {
        return offset >= 0 && offset < BlkConstants.CONFIG_BYTES ? Byte.toUnsignedInt(bytes.get(offset)) : 0;
    }

    /** Changes with every change of a field that is wider than a byte (VIRTIO-1.2 §2.5.2). */
    int generation() {
        return generation;
    }

    void capacitySectors(long sectors) {
        bytes.putLong(BlkConstants.CONFIG_CAPACITY, sectors);
        generation++;
    }

    boolean writeback() {
        return bytes.get(BlkConstants.CONFIG_WRITEBACK) != 0;
    }

    void writeback(boolean on) {
        bytes.put(BlkConstants.CONFIG_WRITEBACK, (byte) (on ? 1 : 0));
    }

    /** The only field a driver may write is writeback, one byte wide. Returns whether this write was that. */
    boolean write(int offset, int widthBytes, long value) {
        if (offset != BlkConstants.CONFIG_WRITEBACK || widthBytes != 1 || !writebackWritable) {
            return false;
        }
        writeback((value & 0xff) != 0);
        return true;
    }
}
