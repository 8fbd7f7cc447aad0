package ringside.emulator.guest;

import ringside.emulator.pci.PciAddress;
import ringside.emulator.pci.PciFunction;
import ringside.emulator.pci.PciHostBridge;
import ringside.emulator.pci.PciRegisters;

/** A PCI function as its driver sees it: loads and stores through the host bridge. */
public final class PciDevice {
    /** More steps through a capability list than fit into the space: it has a loop. */
    private static final int MAX_CAPABILITIES = 48;

    private static final int POINTER_MASK = 0xfc;

    private final PciHostBridge bridge;
    private final PciAddress address;
    private final long configGpa;
    private final long[] baseGpa = new long[PciFunction.BARS];

    PciDevice(PciHostBridge bridge, PciAddress address) {
        this.bridge = bridge;
        this.address = address;
        this.configGpa = PciHostBridge.ECAM_BASE_GPA + address.ecamOffset();
    }

    /** Where it was found. */
    public PciAddress address() {
        return address;
    }

    PciHostBridge bridge() {
        return bridge;
    }

    int config(int offset, int widthBytes) {
        return (int) bridge.read(configGpa + offset, widthBytes);
    }

    void putConfig(int offset, int widthBytes, int value) {
        bridge.write(configGpa + offset, widthBytes, Integer.toUnsignedLong(value));
    }

    int vendorId() {
        return config(PciRegisters.VENDOR_ID, 2);
    }

    int deviceId() {
        return config(PciRegisters.DEVICE_ID, 2);
    }

    void addCommand(int bits) {
        putConfig(PciRegisters.COMMAND, 2, config(PciRegisters.COMMAND, 2) | bits);
    }

    void removeCommand(int bits) {
        putConfig(PciRegisters.COMMAND, 2, config(PciRegisters.COMMAND, 2) & ~bits);
    }

    /** Address of what a BAR maps, 0 for none. */
    long base(int bar) {
        return baseGpa[bar];
    }

    void base(int bar, long gpa) {
        baseGpa[bar] = gpa;
    }

    /**
     * The next capability of a kind.
     *
     * @param after offset of the capability to go on behind, 0 to begin
     * @return its offset, 0 when there is none
     */
    int findCapability(int id, int after) {
        if ((config(PciRegisters.STATUS, 2) & PciRegisters.STATUS_CAPABILITIES) == 0) {
            return 0;
        }
        int pointer = after == 0 ? PciRegisters.CAPABILITIES_POINTER : after + 1;
        int offset = config(pointer, 1) & POINTER_MASK;
        for (int i = 0; i < MAX_CAPABILITIES && offset >= PciRegisters.HEADER_BYTES; i++) {
            if (config(offset, 1) == id) {
                return offset;
            }
            offset = config(offset + 1, 1) & POINTER_MASK;
        }
        return 0;
    }
}
