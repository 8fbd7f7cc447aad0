package ringside.emulator.transport;

import ringside.emulator.pci.PciConfigSpace;
import ringside.emulator.pci.PciFunction;

/**
 * VIRTIO_PCI_CAP_PCI_CFG: the way to the BARs through configuration space, for firmware that maps none (VIRTIO-1.2
 * §4.1.4.9). Under the big lock, except {@link #touchesData}.
 */
final class PciConfigAccess {
    private final PciConfigSpace config;
    private final int capability;

    /**
     * What the driver selected.
     *
     * @param bar 0..255
     * @param offset unsigned, in the BAR
     * @param length of the access as written
     * @param data what was last written to or read into pci_cfg_data
     */
    record Window(int bar, long offset, long length, int data) {
        /** A driver must select 1, 2 or 4 bytes at a multiple of that (§4.1.4.9.2). */
        boolean legal() {
            boolean width = length == 1 || length == 2 || length == 4;
            return width && bar < PciFunction.BARS && offset % length == 0;
        }

        int bytes() {
            return (int) length;
        }

        /** As many bytes of the data as the access is long; of a legal window. */
        long value() {
            return data & (1L << 8 * length) - 1;
        }
    }

    PciConfigAccess(PciConfigSpace config, int capability) {
        this.config = config;
        this.capability = capability;
    }

    boolean touchesData(int offset, int widthBytes) {
        return PciConfigSpace.touches(offset, widthBytes, capability + PciCapability.PCI_CFG_DATA, 4);
    }

    Window window() {
        return new Window(
                config.get(capability + PciCapability.BAR, 1),
                Integer.toUnsignedLong(config.get(capability + PciCapability.OFFSET, 4)),
                Integer.toUnsignedLong(config.get(capability + PciCapability.LENGTH, 4)),
                config.get(capability + PciCapability.PCI_CFG_DATA, 4));
    }

    /** What an access of the window has read. */
    void data(int value) {
        config.put(capability + PciCapability.PCI_CFG_DATA, 4, value);
    }
}
