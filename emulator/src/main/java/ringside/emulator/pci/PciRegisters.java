package ringside.emulator.pci;

/** Offsets and bits of a type 0 configuration header and of the MSI-X capability (PCI 3.0 §6.1, §6.2, §6.8.2). */
public final class PciRegisters {
    public static final int VENDOR_ID = 0x00;
    public static final int DEVICE_ID = 0x02;
    public static final int COMMAND = 0x04;
    public static final int STATUS = 0x06;
    public static final int REVISION_ID = 0x08;
    /** Three bytes: programming interface, subclass, base class. */
    public static final int CLASS_CODE = 0x09;

    public static final int CACHE_LINE_SIZE = 0x0c;
    public static final int HEADER_TYPE = 0x0e;
    public static final int BAR_0 = 0x10;
    public static final int SUBSYSTEM_VENDOR_ID = 0x2c;
    public static final int SUBSYSTEM_ID = 0x2e;
    public static final int CAPABILITIES_POINTER = 0x34;
    public static final int INTERRUPT_LINE = 0x3c;
    public static final int INTERRUPT_PIN = 0x3d;
    /** End of the header; capabilities follow. */
    public static final int HEADER_BYTES = 0x40;

    public static final int COMMAND_MEMORY = 1 << 1;
    public static final int COMMAND_BUS_MASTER = 1 << 2;
    public static final int COMMAND_PARITY = 1 << 6;
    public static final int COMMAND_SERR = 1 << 8;
    public static final int COMMAND_INTX_DISABLE = 1 << 10;

    public static final int STATUS_INTERRUPT = 1 << 3;
    public static final int STATUS_CAPABILITIES = 1 << 4;

    /** Vendor ID of a slot without a function. */
    public static final int NO_VENDOR = 0xffff;

    public static final int CAP_ID_VENDOR = 0x09;
    public static final int CAP_ID_MSIX = 0x11;

    public static final int MSIX_CONTROL = 2;
    public static final int MSIX_TABLE = 4;
    public static final int MSIX_PBA = 8;
    public static final int MSIX_CAP_BYTES = 12;
    public static final int MSIX_CONTROL_SIZE_MASK = 0x7ff;
    public static final int MSIX_CONTROL_FUNCTION_MASK = 1 << 14;
    public static final int MSIX_CONTROL_ENABLE = 1 << 15;
    /** Low bits of table and PBA register: which BAR. */
    public static final int MSIX_BIR_MASK = 7;

    public static final int MSIX_ENTRY_BYTES = 16;
    public static final int MSIX_ENTRY_ADDRESS_HIGH = 4;
    public static final int MSIX_ENTRY_DATA = 8;
    public static final int MSIX_ENTRY_CONTROL = 12;
    /** Vector control: mask bit. */
    public static final int MSIX_ENTRY_MASKED = 1;
    /** Most entries of a table. */
    public static final int MSIX_MAX_VECTORS = 2048;

    private PciRegisters() {}
}
