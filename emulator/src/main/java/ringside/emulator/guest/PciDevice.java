package ringside.emulator.guest;

import java.util.ArrayList;
import java.util.List;
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

    /** Offsets of the capabilities of a kind, in the order of the list; of a list with a loop each at most some times. */
    List<Integer> capabilities(int id) {
        List<Integer> found = new ArrayList<>();
        if ((config(PciRegisters.STATUS, 2) & PciRegisters.STATUS_CAPABILITIES) == 0) {
            return found;
        }
        int offset = config(PciRegisters.CAPABILITIES_POINTER, 1) & POINTER_MASK;
        for (int i = 0; i < MAX_CAPABILITIES && offset >= PciRegisters.HEADER_BYTES; i++) {
            if (config(offset, 1) == id) {
                found.add(offset);
            }
            offset = config(offset + 1, 1) & POINTER_MASK;
        }
        return found;
    }
}
