package ringside.emulator.device.blk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import ringside.emulator.block.BlockNode;

/**
 * {@code struct virtio_blk_config} (VIRTIO-1.2 §5.2.4). Only the writeback byte changes, so a read is never torn.
 * Fields may be read before negotiation and are filled for everything that is offered (§2.5.2).
 */
final class BlkConfigSpace {
    /** One range per request, as QEMU offers. */
    static final int MAX_RANGES = 1;

    private final ByteBuffer bytes =
            ByteBuffer.allocate(BlkConstants.CONFIG_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final boolean writebackWritable;

    BlkConfigSpace(BlockNode node, BlkSettings settings) {
        bytes.putLong(BlkConstants.CONFIG_CAPACITY, node.lengthBytes() >> BlkConstants.SECTOR_SHIFT);
        bytes.putInt(BlkConstants.CONFIG_SEG_MAX, settings.segMax());
        bytes.putInt(BlkConstants.CONFIG_BLK_SIZE, BlkConstants.SECTOR_BYTES);
        int physicalExp = Integer.numberOfTrailingZeros(node.physicalBlockBytes() / BlkConstants.SECTOR_BYTES);
        bytes.put(BlkConstants.CONFIG_PHYSICAL_BLOCK_EXP, (byte) physicalExp);
        bytes.putShort(BlkConstants.CONFIG_MIN_IO_SIZE, (short) (1 << physicalExp));
        bytes.put(BlkConstants.CONFIG_WRITEBACK, (byte) (node.writeback() ? 1 : 0));
        bytes.putShort(BlkConstants.CONFIG_NUM_QUEUES, (short) settings.queues());
        if (settings.discard()) {
            bytes.putInt(BlkConstants.CONFIG_MAX_DISCARD_SECTORS, maxRangeSectors());
            bytes.putInt(BlkConstants.CONFIG_MAX_DISCARD_SEG, MAX_RANGES);
            bytes.putInt(BlkConstants.CONFIG_DISCARD_SECTOR_ALIGNMENT, 1 << physicalExp);
            bytes.putInt(BlkConstants.CONFIG_MAX_WRITE_ZEROES_SECTORS, maxRangeSectors());
            bytes.putInt(BlkConstants.CONFIG_MAX_WRITE_ZEROES_SEG, MAX_RANGES);
            bytes.put(BlkConstants.CONFIG_WRITE_ZEROES_MAY_UNMAP, (byte) 1);
        }
        this.writebackWritable = settings.configWce();
    }

    /** Largest discard or write-zeroes range in sectors: 1 GiB. */
    static int maxRangeSectors() {
        return 1 << 21;
    }

    int read(int offset) {
        return offset >= 0 && offset < BlkConstants.CONFIG_BYTES ? Byte.toUnsignedInt(bytes.get(offset)) : 0;
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
