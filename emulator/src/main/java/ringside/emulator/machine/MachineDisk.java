package ringside.emulator.machine;

import java.util.List;
import java.util.Optional;
import ringside.emulator.block.BlockNode;
import ringside.emulator.device.blk.VirtioBlk;
import ringside.emulator.guest.GuestTransport;
import ringside.emulator.pci.PciHostBridge;
import ringside.emulator.trace.TimelineTable;
import ringside.emulator.transport.MmioTransport;

/**
 * One disk of a built machine, as a guest and a harness see it.
 *
 * @param spec what it was built from
 * @param node the opened storage
 * @param device the device
 * @param port where it is plugged in
 * @param timelines one table per queue, empty when timelines are off
 */
public record MachineDisk(DiskSpec spec, BlockNode node, VirtioBlk device, Port port, List<TimelineTable> timelines) {
    /** Where a disk is plugged in: see {@link TransportSpec}. */
    public interface Port {
        /**
         * The guest's side of the transport; a PCI function is found by enumeration. Its driver has not initialised the
         * device yet. One at a time.
         */
        GuestTransport driver();

        /** Why the device last asked for a reset; empty when it never did. For diagnostics, not visible to a guest. */
        String lastFault();

        /** The register window, for a guest that brings its own driver; empty where the transport has none. */
        Optional<MmioTransport> window();

        /** The PCI segment of the disk's function, for a guest that brings its own driver; empty without PCI. */
        Optional<PciHostBridge> bridge();
    }

    /** See {@link Port#driver()}. */
    public GuestTransport driver() {
        return port.driver();
    }
}
