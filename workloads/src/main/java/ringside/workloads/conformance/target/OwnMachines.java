package ringside.workloads.conformance.target;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import ringside.emulator.device.blk.BlkOptions;
import ringside.emulator.machine.DiskSpec;
import ringside.emulator.machine.Machine;
import ringside.emulator.machine.MachineDisk;
import ringside.emulator.machine.MachineSpec;
import ringside.emulator.machine.PollSpec;
import ringside.emulator.machine.ThreadingPreset;
import ringside.emulator.machine.TransportSpec;
import ringside.emulator.memory.GuestRegionSpec;
import ringside.emulator.trace.TraceMode;
import ringside.workloads.conformance.bench.DeviceConfig;
import ringside.workloads.conformance.bench.DeviceLink;
import ringside.workloads.conformance.bench.DeviceSource;
import ringside.workloads.conformance.bench.DeviceUnderTest;
import ringside.workloads.conformance.bench.MmioLink;
import ringside.workloads.conformance.bench.PciLink;
import ringside.workloads.conformance.bench.RawRam;
import ringside.workloads.conformance.bench.TransportKind;

/** Machines of our own on temporary images. */
public final class OwnMachines implements DeviceSource {
    private static final int QUEUES = 2;
    private static final int QUEUE_SIZE = 256;
    private static final long MEMORY_BYTES = 32L << 20;

    private final Path folder;
    private final TransportSpec transport;

    private OwnMachines(Path folder, TransportSpec transport) {
        this.folder = folder;
        this.transport = transport;
    }

    /**
     * Machines with virtio-mmio.
     *
     * @param folder for temporary images
     */
    public static OwnMachines mmio(Path folder) {
        return new OwnMachines(folder, TransportSpec.MMIO);
    }

    /**
     * Machines with virtio-pci.
     *
     * @param folder for temporary images
     */
    public static OwnMachines pci(Path folder) {
        return new OwnMachines(folder, TransportSpec.PCI);
    }

    @Override
    public String describe() {
        return "Ringside's virtio-blk over virtio-" + transport().label() + ", threading=iothread";
    }

    @Override
    public TransportKind transport() {
        return transport.kind() == TransportSpec.Kind.PCI ? TransportKind.PCI : TransportKind.MMIO;
    }

    @Override
    public Optional<DeviceUnderTest> open(DeviceConfig config) {
        return Optional.of(new OwnMachine(config, TestImage.create(folder), transport));
    }

    /** What a disk offers for a test. */
    static BlkOptions options(DeviceConfig config) {
        return BlkOptions.DEFAULT
                .change()
                .packed(true)
                .inOrder(config.inOrder())
                .secureErase(true)
                .maxRanges(4)
                .build();
    }

    @Override
    public void close() {
        // Each machine goes with its device.
    }

    /** One machine with one disk. */
    private static final class OwnMachine implements DeviceUnderTest {
        private final TestImage image;
        private final Machine machine;
        private final DeviceLink link;

        OwnMachine(DeviceConfig config, TestImage image, TransportSpec transport) {
            this.image = image;
            DiskSpec disk = new DiskSpec(
                    "disk0",
                    image.node(config),
                    QUEUES,
                    QUEUE_SIZE,
                    true,
                    true,
                    config.configWce(),
                    "conformance",
                    false,
                    options(config));
            machine = Machine.build(new MachineSpec(
                    ThreadingPreset.IOTHREAD,
                    1,
                    List.of(),
                    PollSpec.OFF,
                    List.of(disk),
                    MEMORY_BYTES,
                    false,
                    TraceMode.COUNTERS,
                    1,
                    transport));
            machine.start();
            GuestRegionSpec region = machine.memory().region(0);
            RawRam ram = new RawRam(machine.memory().ram(), region.gpa());
            MachineDisk.Port port = machine.disks().getFirst().port();
            link = port.window()
                    .<DeviceLink>map(window -> new MmioLink(window, ram, QUEUES))
                    .orElseGet(() -> new PciLink(port.bridge().orElseThrow(), ram));
        }

        @Override
        public DeviceLink link() {
            return link;
        }

        @Override
        public Optional<Path> image() {
            return Optional.of(image.file());
        }

        @Override
        public boolean resize(long bytes) {
            machine.resize(0, bytes);
            return true;
        }

        @Override
        public void close() {
            machine.close();
            image.delete();
        }
    }
}
