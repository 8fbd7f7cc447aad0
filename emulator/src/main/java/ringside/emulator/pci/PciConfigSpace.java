package ringside.emulator.pci;

/**
 * The configuration space of one function: a type 0 header and a list of capabilities, with a write mask for each bit
 * (PCI 3.0 §6). Bytes in, bytes out; what a write causes is its owner's business. One thread at a time, except
 * {@link #interruptStatus}.
 */
public final class PciConfigSpace {
    private static final int COMMAND_WRITABLE = PciRegisters.COMMAND_MEMORY
            | PciRegisters.COMMAND_BUS_MASTER
            | PciRegisters.COMMAND_PARITY
            | PciRegisters.COMMAND_SERR
            | PciRegisters.COMMAND_INTX_DISABLE;

    private static final int INTA = 1;

    private final byte[] bytes = new byte[PciFunction.CONFIG_BYTES];
    private final byte[] writable = new byte[PciFunction.CONFIG_BYTES];
    private final PciBar[] bars = new PciBar[PciFunction.BARS];
    private int lastPointer = PciRegisters.CAPABILITIES_POINTER;
    private int end = PciRegisters.HEADER_BYTES;
    private volatile boolean interrupt;

    public PciConfigSpace(PciIdentity identity) {
        java.util.Arrays.fill(bars, PciBar.NONE);
        put(PciRegisters.VENDOR_ID, 2, identity.vendorId());
        put(PciRegisters.DEVICE_ID, 2, identity.deviceId());
        put(PciRegisters.REVISION_ID, 1, identity.revisionId());
        put(PciRegisters.CLASS_CODE, 3, identity.classCode());
        put(PciRegisters.SUBSYSTEM_VENDOR_ID, 2, identity.subsystemVendorId());
        put(PciRegisters.SUBSYSTEM_ID, 2, identity.subsystemId());
        put(PciRegisters.INTERRUPT_PIN, 1, INTA);
        allowWrites(PciRegisters.COMMAND, 2, COMMAND_WRITABLE);
        allowWrites(PciRegisters.CACHE_LINE_SIZE, 1, 0xff);
        allowWrites(PciRegisters.INTERRUPT_LINE, 1, 0xff);
    }

    /**
     * Sets bits as the function has them, whatever the write mask.
     *
     * @param widthBytes 1..4
     */
    public void put(int offset, int widthBytes, int value) {
        putBytes(bytes, offset, widthBytes, value);
    }

    /** Lets a guest write bits; they are 0 after a reset. */
    public void allowWrites(int offset, int widthBytes, int mask) {
        putBytes(writable, offset, widthBytes, mask);
    }

    private static void putBytes(byte[] to, int offset, int widthBytes, int value) {
        for (int i = 0; i < widthBytes; i++) {
            to[offset + i] = (byte) (value >>> 8 * i);
        }
    }

    /** Gives a base address register a size: the bits below it are read-only, so that sizing works (§6.2.5.1). */
    public void addBar(int index, PciBar bar) {
        bars[index] = bar;
        int register = PciRegisters.BAR_0 + 4 * index;
        long mask = -bar.sizeBytes();
        put(register, 4, bar.typeBits());
        allowWrites(register, 4, (int) mask & ~0xf);
        if (bar.wide()) {
            allowWrites(register + 4, 4, (int) (mask >>> 32));
        }
    }

    /** What begins in a base address register. */
    public PciBar bar(int index) {
        return bars[index];
    }

    /** Address that a guest gave a BAR; 0 at first. */
    public long base(int index) {
        int register = PciRegisters.BAR_0 + 4 * index;
        long low = Integer.toUnsignedLong(get(register, 4) & ~0xf);
        return bars[index].wide() ? low | (long) get(register + 4, 4) << 32 : low;
    }

    /**
     * Appends a capability to the list.
     *
     * @param lengthBytes including identifier and pointer
     * @return its offset
     */
    public int addCapability(int id, int lengthBytes) {
        int offset = end;
        if (offset + lengthBytes > PciFunction.CONFIG_BYTES) {
            throw new IllegalArgumentException("no room for another capability in configuration space");
        }
        put(lastPointer, 1, offset);
        put(offset, 1, id);
        put(PciRegisters.STATUS, 2, PciRegisters.STATUS_CAPABILITIES);
        lastPointer = offset + 1;
        end = offset + lengthBytes + 3 & ~3;
        return offset;
    }

    /** Bit 3 of the status register. Any thread. */
    public void interruptStatus(boolean asserted) {
        interrupt = asserted;
    }

    /** The value at an offset that exists. */
    public int get(int offset, int widthBytes) {
        int value = 0;
        for (int i = 0; i < widthBytes; i++) {
            value |= Byte.toUnsignedInt(bytes[offset + i]) << 8 * i;
        }
        return value;
    }

    /** Whether all of these bits of the command register are set. */
    public boolean commands(int bits) {
        return (get(PciRegisters.COMMAND, 2) & bits) == bits;
    }

    /** A guest's read, see {@link PciFunction#configRead}. */
    public int read(int offset, int widthBytes) {
        if (!valid(offset, widthBytes)) {
            return widthBytes == 1 || widthBytes == 2 ? (1 << 8 * widthBytes) - 1 : -1;
        }
        int value = get(offset, widthBytes);
        int status = PciRegisters.STATUS - offset;
        if (interrupt && status >= 0 && status < widthBytes) {
            value |= PciRegisters.STATUS_INTERRUPT << 8 * status;
        }
        return value;
    }

    /** A guest's write, see {@link PciFunction#configWrite}. Returns whether it reached anything. */
    public boolean write(int offset, int widthBytes, int value) {
        if (!valid(offset, widthBytes)) {
            return false;
        }
        for (int i = 0; i < widthBytes; i++) {
            int at = offset + i;
            int mask = writable[at];
            bytes[at] = (byte) (bytes[at] & ~mask | value >>> 8 * i & mask);
        }
        return true;
    }

    private static boolean valid(int offset, int widthBytes) {
        boolean width = widthBytes == 1 || widthBytes == 2 || widthBytes == 4;
        return width && offset >= 0 && offset <= PciFunction.CONFIG_BYTES - widthBytes;
    }

    /** Whether an access touches a field. */
    public static boolean touches(int offset, int widthBytes, int field, int fieldBytes) {
        return offset < field + fieldBytes && field < offset + widthBytes;
    }

    /** Clears all that a guest can write. */
    public void reset() {
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] &= (byte) ~writable[i];
        }
    }
}
