package ringside.emulator.fuzz;

import java.util.Arrays;

/**
 * A virtio-pci function in front of {@link TransportModel}: configuration space, MSI-X (PCI 3.0 §6.2, §6.8) and the
 * structures of VIRTIO-1.2 §4.1.4, in plain bytes.
 */
final class PciModel {
    static final int NO_VECTOR = 0xffff;
    static final int COMMON_BYTES = 0x3c;

    private static final int MASTER = 4;
    private static final int INTX_OFF = 0x400;
    private static final long NOTIF_CONFIG_DATA = 1L << 39;

    final TransportModel core;
    final byte[] config = new byte[256];
    private final byte[] mask = new byte[256];
    final int vectors;
    final byte[] table;
    private final boolean[] pending;

    /** Messages by vector since the beginning. */
    final int[] sent;

    private final int[] queueVectors;
    private int configVector;
    private int isr;
    private int msixControl;
    private int window;

    /** @param fresh configuration space after power-on, which is the function's to decide but for what a guest may write */
    PciModel(TransportModel core, byte[] fresh, int vectors) {
        this.core = core;
        this.vectors = vectors;
        this.table = new byte[16 * vectors];
        this.pending = new boolean[vectors];
        this.sent = new int[vectors];
        this.queueVectors = new int[core.queues.length];
        System.arraycopy(fresh, 0, config, 0, config.length);
        allowWrites();
        powerOn();
    }

    /** PCI 3.0 §6.2.2 command, §6.2.4 cache line and interrupt line; §6.2.5.1 BARs; §6.8.2.3 control; §4.1.4.9 window. */
    private void allowWrites() {
        allow(0x04, 2, 0x546);
        allow(0x0c, 1, 0xff);
        allow(0x3c, 1, 0xff);
        for (int at = config[0x34] & 0xff; at != 0; at = config[at + 1] & 0xff) {
            if (config[at] == 0x11) {
                msixControl = at + 2;
                allow(msixControl, 2, 0xc000);
            } else if (config[at] == 9 && config[at + 3] == 5) {
                window = at;
                allow(at + 4, 1, 0xff);
                allow(at + 8, 12, -1);
            }
        }
    }

    /** A BAR of so many bytes: address bits are those from its size on. */
    void allowBar(int index, long bytes, boolean wide) {
        allow(0x10 + 4 * index, 4, (int) -bytes & ~15);
        if (wide) {
            allow(0x14 + 4 * index, 4, (int) (-bytes >> 32));
        }
    }

    private void allow(int offset, int bytes, int bits) {
        for (int i = 0; i < bytes; i++) {
            mask[offset + i] = (byte) (bytes > 4 ? -1 : bits >>> 8 * i);
        }
    }

    /** The whole function as after power-on. */
    void powerOn() {
        resetDevice();
        for (int i = 0; i < config.length; i++) {
            config[i] &= (byte) ~mask[i];
        }
        Arrays.fill(table, (byte) 0);
        for (int vector = 0; vector < vectors; vector++) {
            table[16 * vector + 12] = 1;
        }
        Arrays.fill(pending, false);
        settle();
    }

    /** Device status 0. */
    private void resetDevice() {
        core.reset();
        isr = 0;
        configVector = NO_VECTOR;
        Arrays.fill(queueVectors, NO_VECTOR);
    }

    private boolean master() {
        return (config[4] & MASTER) != 0;
    }

    boolean msix() {
        return msixControl != 0 && (config[msixControl + 1] & 0x80) != 0;
    }

    /** §6.8.3.4: masked by the function, by the entry, or because it may not write to the bus. */
    private boolean masked(int vector) {
        return !msix() || !master() || (config[msixControl + 1] & 0x40) != 0 || (table[16 * vector + 12] & 1) != 0;
    }

    boolean lineAsserted() {
        return isr != 0 && !msix() && (config[5] << 8 & INTX_OFF) == 0;
    }

    /** What a change of masks lets go, and whether the device may work. */
    private void settle() {
        for (int vector = 0; vector < vectors; vector++) {
            if (pending[vector] && !masked(vector)) {
                pending[vector] = false;
                sent[vector]++;
            }
        }
        core.mayWork(master());
        raise();
    }

    private void fire(int vector) {
        if (vector == NO_VECTOR) {
            return;
        }
        if (masked(vector)) {
            pending[vector] = true;
        } else {
            sent[vector]++;
        }
    }

    /** Passes on what the device raised. */
    private void raise() {
        if ((core.raised & TransportModel.CONFIG) != 0) {
            isr |= TransportModel.CONFIG;
            if (msix()) {
                fire(configVector);
            }
        }
        for (int queue = 0; queue < queueVectors.length; queue++) {
            if ((core.usedQueues & 1 << queue) != 0) {
                if (msix()) {
                    fire(queueVectors[queue]);
                } else {
                    isr |= TransportModel.USED;
                }
            }
        }
        core.raised = 0;
        core.usedQueues = 0;
    }

    long readConfig(int offset, int width) {
        long value = 0;
        for (int i = width - 1; i >= 0; i--) {
            int at = offset + i;
            int status = at == 6 && isr != 0 && !msix() ? 8 : 0;
            value = value << 8 | config[at] & 0xff | status;
        }
        return value;
    }

    /** Whether an access of configuration space passes through the window to a BAR, and so what §4.1.4.9 makes of it. */
    boolean throughWindow(int offset, int width) {
        return offset < window + 20 && offset + width > window + 16;
    }

    int windowBar() {
        return config[window + 4] & 0xff;
    }

    long windowOffset() {
        return readConfig(window + 8, 4);
    }

    /** 0 where the driver chose no legal one. */
    int windowWidth() {
        long width = readConfig(window + 12, 4);
        boolean legal = (width == 1 || width == 2 || width == 4) && windowBar() < 6 && windowOffset() % width == 0;
        return legal ? (int) width : 0;
    }

    long windowData() {
        return readConfig(window + 16, 4);
    }

    void windowData(long value) {
        for (int i = 0; i < 4; i++) {
            config[window + 16 + i] = (byte) (value >>> 8 * i);
        }
    }

    void writeConfig(int offset, int width, int value) {
        for (int i = 0; i < width; i++) {
            int at = offset + i;
            config[at] = (byte) (config[at] & ~mask[at] | value >>> 8 * i & mask[at]);
        }
        settle();
    }

    /** Reading takes the bits. */
    int takeIsr() {
        int taken = isr;
        isr = 0;
        return taken;
    }

    void writeTable(int offset, int width, long value) {
        if (width < 4 || offset % width != 0 || offset + width > table.length) {
            return;
        }
        for (int i = 0; i < width; i++) {
            int at = offset + i;
            int bits = at % 16 == 12 ? 1 : at % 16 > 12 ? 0 : 0xff;
            table[at] = (byte) (value >>> 8 * i & bits);
        }
        settle();
    }

    long readTable(int offset, int width) {
        long value = 0;
        for (int i = width - 1; i >= 0; i--) {
            value = value << 8 | (offset + i < table.length ? table[offset + i] & 0xff : 0);
        }
        return value;
    }

    long readPending(int offset, int width) {
        long value = 0;
        for (int bit = 0; bit < 8 * width; bit++) {
            int vector = 8 * offset + bit;
            value |= vector < vectors && pending[vector] ? 1L << bit : 0;
        }
        return value;
    }

    /** §4.1.4.3, field by field. */
    byte[] common() {
        byte[] bytes = new byte[COMMON_BYTES];
        put(bytes, 0x00, 4, core.deviceSelect);
        put(bytes, 0x04, 4, core.offeredWord());
        put(bytes, 0x08, 4, core.driverSelect);
        put(bytes, 0x0c, 4, core.chosenWord());
        put(bytes, 0x10, 2, configVector);
        put(bytes, 0x12, 2, core.queues.length);
        put(bytes, 0x14, 1, core.status);
        put(bytes, 0x16, 2, core.select);
        put(bytes, 0x1a, 2, NO_VECTOR);
        core.selected().ifPresent(queue -> {
            put(bytes, 0x18, 2, queue.num);
            put(bytes, 0x1a, 2, queueVectors[core.select]);
            put(bytes, 0x1c, 2, queue.enabled ? 1 : 0);
            put(bytes, 0x1e, 2, core.select);
            put(bytes, 0x20, 8, queue.desc);
            put(bytes, 0x28, 8, queue.driver);
            put(bytes, 0x30, 8, queue.device);
            put(bytes, 0x38, 2, core.has(NOTIF_CONFIG_DATA) ? core.select : 0);
        });
        return bytes;
    }

    private static void put(byte[] bytes, int offset, int width, long value) {
        for (int i = 0; i < width; i++) {
            bytes[offset + i] = (byte) (value >>> 8 * i);
        }
    }

    /** Writes take effect in the width of their field; addresses also by halves (§4.1.3.1). */
    void writeCommon(int offset, int width, long value) {
        int low = (int) value;
        switch (offset < COMMON_BYTES ? width << 8 | offset : 0) {
            case 0x114 -> writeStatus(low & 0xff);
            case 0x210 -> configVector = vector(low);
            case 0x216 -> core.select = low & 0xffff;
            case 0x218 -> writeSize(low & 0xffff);
            case 0x21a -> core.selected().ifPresent(_ -> queueVectors[core.select] = vector(low));
            case 0x21c -> {
                if ((low & 0xffff) == 1) {
                    core.enable();
                    raise();
                }
            }
            case 0x23a -> {
                if ((low & 0xffff) == 1) {
                    resetQueue();
                }
            }
            case 0x400 -> core.deviceSelect = low;
            case 0x408 -> core.driverSelect = low;
            case 0x40c -> core.choose(low);
            case 0x420, 0x424, 0x428, 0x42c, 0x430, 0x434 -> writeHalf(offset, low);
            case 0x820, 0x828, 0x830 -> {
                writeHalf(offset, low);
                writeHalf(offset + 4, (int) (value >>> 32));
            }
            default -> {
                // Read-only, or not the width of the field.
            }
        }
    }

    private void writeStatus(int value) {
        if (value == 0) {
            resetDevice();
        } else {
            core.writeStatus(value);
            raise();
        }
    }

    private int vector(int value) {
        return (value & 0xffff) < vectors ? value & 0xffff : NO_VECTOR;
    }

    /** The field reads as 0 or a power of two, so nothing else is stored. */
    private void writeSize(int size) {
        if (Integer.bitCount(size) == 1 && size <= RegisterDriver.MAX_SIZE) {
            core.writable().ifPresent(queue -> queue.num = size);
        }
    }

    private void resetQueue() {
        if (core.has(TransportModel.RING_RESET) && core.selected().isPresent()) {
            core.resetQueue();
            queueVectors[core.select] = NO_VECTOR;
        }
    }

    private void writeHalf(int offset, int value) {
        core.writable().ifPresent(queue -> {
            long bits = Integer.toUnsignedLong(value);
            boolean high = offset % 8 == 4;
            long kept = high ? 0xffff_ffffL : ~0xffff_ffffL;
            long put = high ? bits << 32 : bits;
            switch (offset & ~7) {
                case 0x20 -> queue.desc = queue.desc & kept | put;
                case 0x28 -> queue.driver = queue.driver & kept | put;
                default -> queue.device = queue.device & kept | put;
            }
        });
    }

    void kick(int queue) {
        core.kick(queue);
        raise();
    }
}
