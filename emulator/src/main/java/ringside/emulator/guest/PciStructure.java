package ringside.emulator.guest;

import ringside.emulator.pci.PciFunction;
import ringside.emulator.pci.PciHostBridge;
import ringside.emulator.pci.PciRegisters;
import ringside.emulator.transport.PciCapability;

/** One structure of a virtio-pci device, found by its capability (VIRTIO-1.2 §4.1.4) and reached through a BAR. */
final class PciStructure {
    private final PciHostBridge bridge;
    private final int capability;
    private final long gpa;

    private PciStructure(PciHostBridge bridge, int capability, long gpa) {
        this.bridge = bridge;
        this.capability = capability;
        this.gpa = gpa;
    }

    /**
     * The first structure of a type: the one that the device prefers. Capabilities of other types and those with a reserved
     * BAR are passed over (§4.1.4.1).
     *
     * @throws IllegalStateException when the device has none
     */
    static PciStructure find(PciDevice device, int type) {
        for (int at : device.capabilities(PciRegisters.CAP_ID_VENDOR)) {
            int bar = device.config(at + PciCapability.BAR, 1);
            boolean usable = bar < PciFunction.BARS && device.base(bar) != 0;
            if (usable && device.config(at + PciCapability.CFG_TYPE, 1) == type) {
                long offset = Integer.toUnsignedLong(device.config(at + PciCapability.OFFSET, 4));
                return new PciStructure(device.bridge(), at, device.base(bar) + offset);
            }
        }
        throw new IllegalStateException(
                "PCI device " + device.address() + " has no virtio structure of type " + type + ": a legacy device?");
    }

    /** Offset of its capability in configuration space. */
    int capability() {
        return capability;
    }

    /** Guest physical address of a field. */
    long gpa(long offset) {
        return gpa + offset;
    }

    long load(int offset, int widthBytes) {
        return bridge.read(gpa + offset, widthBytes);
    }

    void store(int offset, int widthBytes, long value) {
        bridge.write(gpa + offset, widthBytes, value);
    }
}
