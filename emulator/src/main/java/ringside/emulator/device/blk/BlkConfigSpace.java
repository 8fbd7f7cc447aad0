package ringside.emulator.device.blk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import ringside.emulator.block.BlockNode;

/**
 * {@code struct virtio_blk_config} (VIRTIO-1.2 §5.2.4). Fields may be read before negotiation and are filled for
 * everything that is offered (§2.5.2); what is not offered reads as 0, and so do the padding bytes (§5.2.5.2). Accessed
 * under the big lock.
 */
final class BlkConfigSpace {
    private final ByteBuffer bytes =
            ByteBuffer.allocate(BlkConstants.CONFIG_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final boolean writebackWritable;
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
        if (options.discard()) {
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
            bytes.putInt(BlkConstants.CONFIG_MAX_SECURE_ERASE_SECTORS, options.maxRangeSectors());
            bytes.putInt(BlkConstants.CONFIG_MAX_SECURE_ERASE_SEG, options.maxRanges());
            bytes.putInt(
                    BlkConstants.CONFIG_SECURE_ERASE_SECTOR_ALIGNMENT,
                    options.logicalBlockBytes() >> BlkConstants.SECTOR_SHIFT);
        }
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
