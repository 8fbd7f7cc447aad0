package ringside.emulator.vfiouser;

import ringside.emulator.pci.PciBar;
import ringside.emulator.pci.PciFunction;

/**
 * DEVICE_GET_REGION_INFO, REGION_READ and REGION_WRITE: the BARs and configuration space. Nothing can be mapped; an access
 * of 1, 2, 4 or 8 bytes is one access of the function, others are taken apart by address.
 */
final class RegionCommands {
    private static final int INFO_BYTES = 32;
    private static final int INDEX_AT = 8;
    private static final int SIZE_AT = 16;
    private static final int ACCESS_BYTES = 16;
    private static final int ACCESS_COUNT_AT = 12;
    private static final int WIDEST_CONFIG_BYTES = 4;
    private static final int WIDEST_BAR_BYTES = 8;

    private final PciFunction function;

    RegionCommands(PciFunction function) {
        this.function = function;
    }

    /** Answers in place. */
    void info(VfioUserMessage message) {
        int index = message.u32(INDEX_AT);
        if (index < 0 || index >= Vfio.VFIO_PCI_NUM_REGIONS) {
            throw new Refusal(Refusal.EINVAL, "there is no region " + Integer.toUnsignedString(index));
        }
        long size = sizeBytes(index);
        int flags = size == 0 ? 0 : Vfio.VFIO_REGION_INFO_FLAG_READ | Vfio.VFIO_REGION_INFO_FLAG_WRITE;
        message.u32(0, INFO_BYTES).u32(4, flags).u32(12, 0).u64(SIZE_AT, size).u64(24, 0);
        message.reply(INFO_BYTES);
    }

    private long sizeBytes(int index) {
        if (index < PciFunction.BARS) {
            PciBar bar = function.bar(index);
            return bar.present() ? bar.sizeBytes() : 0;
        }
        return index == Vfio.VFIO_PCI_CONFIG_REGION_INDEX ? PciFunction.CONFIG_BYTES : 0;
    }

    /** Answers in place. */
    void read(VfioUserMessage message) {
        int count = count(message);
        int region = message.u32(8);
        long offset = message.u64(0);
        for (int at = 0; at < count; ) {
            int width = width(region, offset + at, count - at, count);
            message.data(ACCESS_BYTES + at, width, load(region, offset + at, width));
            at += width;
        }
        message.reply(ACCESS_BYTES + count);
    }

    /** Answers in place: the access without its data. */
    void write(VfioUserMessage message) {
        int count = count(message);
        if (message.payloadBytes() < ACCESS_BYTES + count) {
            throw new Refusal(Refusal.EINVAL, "a write of " + count + " bytes came with fewer");
        }
        int region = message.u32(8);
        long offset = message.u64(0);
        for (int at = 0; at < count; ) {
            int width = width(region, offset + at, count - at, count);
            store(region, offset + at, width, message.data(ACCESS_BYTES + at, width));
            at += width;
        }
        message.reply(ACCESS_BYTES);
    }

    private int count(VfioUserMessage message) {
        int region = message.u32(8);
        int count = message.u32(ACCESS_COUNT_AT);
        long offset = message.u64(0);
        if (count < 0 || count > VfioUserMessage.MAX_DATA_BYTES) {
            throw new Refusal(
                    Refusal.EINVAL,
                    "an access of " + Integer.toUnsignedString(count) + " bytes exceeds max_data_xfer_size");
        }
        boolean exists = region >= 0 && region < Vfio.VFIO_PCI_NUM_REGIONS;
        if (!exists || offset < 0 || offset > sizeBytes(region) - count) {
            throw new Refusal(
                    Refusal.EINVAL,
                    "an access of %d bytes at 0x%x is outside region %d".formatted(count, offset, region));
        }
        return count;
    }

    /** A guest's own access stays whole, even if it is not aligned; the rest is cut into aligned pieces. */
    private static int width(int region, long offset, int left, int count) {
        int widest = region == Vfio.VFIO_PCI_CONFIG_REGION_INDEX ? WIDEST_CONFIG_BYTES : WIDEST_BAR_BYTES;
        if (count <= widest && Integer.bitCount(count) == 1) {
            return count;
        }
        int width = widest;
        while (width > left || offset % width != 0) {
            width /= 2;
        }
        return width;
    }

    private long load(int region, long offset, int width) {
        return region == Vfio.VFIO_PCI_CONFIG_REGION_INDEX
                ? Integer.toUnsignedLong(function.configRead((int) offset, width))
                : function.barRead(region, offset, width);
    }

    private void store(int region, long offset, int width, long value) {
        if (region == Vfio.VFIO_PCI_CONFIG_REGION_INDEX) {
            function.configWrite((int) offset, width, (int) value);
        } else {
            function.barWrite(region, offset, width, value);
        }
    }
}
