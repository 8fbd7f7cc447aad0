package ringside.emulator.machine;

import java.util.List;
import java.util.Optional;
import ringside.emulator.guest.GuestTransport;
import ringside.emulator.guest.MmioDriver;
import ringside.emulator.guest.PciDevice;
import ringside.emulator.guest.PciDriver;
import ringside.emulator.guest.PciEnumerator;
import ringside.emulator.pci.PciAddress;
import ringside.emulator.pci.PciHostBridge;
import ringside.emulator.transport.InterruptController;
import ringside.emulator.transport.MmioTransport;
import ringside.emulator.transport.PciTransport;

/** Where a disk is plugged in, and how the guest's driver gets at it. */
sealed interface DiskPort extends MachineDisk.Port {
    /** A register window of its own. */
    record Mmio(MmioTransport registers) implements DiskPort {
        @Override
        public GuestTransport driver() {
            return new MmioDriver(registers);
        }

        @Override
        public Optional<MmioTransport> window() {
            return Optional.of(registers);
        }

        @Override
        public Optional<PciHostBridge> bridge() {
            return Optional.empty();
        }

        @Override
        public String lastFault() {
            return registers.lastFault();
        }
    }

    /** A slot of the PCI segment. */
    record Pci(PciSegment segment, PciAddress slot, PciTransport function) implements DiskPort {
        @Override
        public GuestTransport driver() {
            return segment.driver(slot);
        }

        @Override
        public Optional<MmioTransport> window() {
            return Optional.empty();
        }

        @Override
        public Optional<PciHostBridge> bridge() {
            return Optional.of(segment.bridge);
        }

        @Override
        public String lastFault() {
            return function.lastFault();
        }
    }

    /** Host bridge and interrupt controller of a machine, and what its guest found there. */
    final class PciSegment {
        private final PciHostBridge bridge = new PciHostBridge();
        private final InterruptController controller = new InterruptController();
        private List<PciDevice> found = List.of();

        DiskPort plug(PciTransport function) {
            PciAddress slot = bridge.attach(function);
            function.connect(controller.sink(slot));
            return new Pci(this, slot, function);
        }

        private GuestTransport driver(PciAddress slot) {
            if (found.isEmpty()) {
                found = PciEnumerator.enumerate(bridge);
            }
            PciDevice device = found.stream()
                    .filter(candidate -> candidate.address().equals(slot))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("enumeration found nothing at " + slot));
            return new PciDriver(device, controller);
        }
    }
}
