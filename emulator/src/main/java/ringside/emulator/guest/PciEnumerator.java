package ringside.emulator.guest;

import java.util.ArrayList;
import java.util.List;
import ringside.emulator.pci.PciAddress;
import ringside.emulator.pci.PciFunction;
import ringside.emulator.pci.PciHostBridge;
import ringside.emulator.pci.PciRegisters;

/**
 * What firmware and the kernel's PCI core do before a driver: looks into every slot, sizes the BARs of what it finds and
 * gives them addresses (PCI 3.0 §6.2.5). Once per start of the guest.
 */
public final class PciEnumerator {
    private static final int TYPE_64_BIT = 4;
    private static final int TYPE_MASK = 6;
    private static final int IO_SPACE = 1;
    private static final int FLAGS_MASK = 0xf;
    /** A BAR never shares a page: the hypervisor maps or traps it as a whole. */
    private static final long PAGE_BYTES = 4096;

    private final PciHostBridge bridge;
    private long next32 = PciHostBridge.MMIO_32_GPA;
    private long next64 = PciHostBridge.MMIO_64_GPA;

    private PciEnumerator(PciHostBridge bridge) {
        this.bridge = bridge;
    }

    /**
     * Finds all functions, with memory decoding and bus mastering on, in the order of their addresses.
     *
     * @throws IllegalStateException when the bridge's windows are too small for the BARs
     */
    public static List<PciDevice> enumerate(PciHostBridge bridge) {
        return new PciEnumerator(bridge).scan();
    }

    private List<PciDevice> scan() {
        List<PciDevice> found = new ArrayList<>();
        for (int bus = 0; bus < bridge.buses(); bus++) {
            for (int slot = 0; slot < PciAddress.DEVICES; slot++) {
                PciDevice device = new PciDevice(bridge, new PciAddress(bus, slot, 0));
                if (device.vendorId() != PciRegisters.NO_VENDOR) {
                    assign(device);
                    found.add(device);
                }
            }
        }
        return found;
    }

    /** A BAR that is being sized must not be decoded. */
    private void assign(PciDevice device) {
        device.removeCommand(PciRegisters.COMMAND_MEMORY);
        for (int bar = 0; bar < PciFunction.BARS; bar++) {
            int register = PciRegisters.BAR_0 + 4 * bar;
            int low = size(device, register);
            if (low == 0 || (low & IO_SPACE) != 0) {
                continue;
            }
            boolean wide = (low & TYPE_MASK) == TYPE_64_BIT;
            long high = wide ? size(device, register + 4) : -1;
            long sizeBytes = -(high << 32 | Integer.toUnsignedLong(low & ~FLAGS_MASK));
            long gpa = wide ? place64(sizeBytes) : place32(sizeBytes);
            device.putConfig(register, 4, (int) gpa);
            if (wide) {
                device.putConfig(register + 4, 4, (int) (gpa >>> 32));
            }
            device.base(bar, gpa);
            bar += wide ? 1 : 0;
        }
        device.addCommand(PciRegisters.COMMAND_MEMORY | PciRegisters.COMMAND_BUS_MASTER);
    }

    /** Writes all ones; the bits that stay 0 are the size. */
    private static int size(PciDevice device, int register) {
        device.putConfig(register, 4, -1);
        return device.config(register, 4);
    }

    private long place32(long sizeBytes) {
        long gpa = align(next32, sizeBytes);
        next32 = gpa + sizeBytes;
        checkFits(next32, PciHostBridge.MMIO_32_GPA + PciHostBridge.MMIO_32_BYTES);
        return gpa;
    }

    private long place64(long sizeBytes) {
        long gpa = align(next64, sizeBytes);
        next64 = gpa + sizeBytes;
        checkFits(next64, PciHostBridge.MMIO_64_GPA + PciHostBridge.MMIO_64_BYTES);
        return gpa;
    }

    private static long align(long gpa, long sizeBytes) {
        long alignment = Math.max(PAGE_BYTES, sizeBytes);
        return gpa + alignment - 1 & -alignment;
    }

    private static void checkFits(long end, long limit) {
        if (end > limit) {
            throw new IllegalStateException("the BARs do not fit into the bridge's window: use fewer functions");
        }
    }
}
