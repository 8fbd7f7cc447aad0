package ringside.workloads.conformance.target;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import ringside.emulator.machine.Export;
import ringside.emulator.machine.ExportProtocol;
import ringside.emulator.machine.ExportSpec;
import ringside.emulator.machine.PollSpec;
import ringside.emulator.trace.TraceMode;
import ringside.workloads.conformance.bench.DeviceConfig;
import ringside.workloads.conformance.bench.DeviceSource;
import ringside.workloads.conformance.bench.DeviceUnderTest;
import ringside.workloads.conformance.bench.TransportKind;
import ringside.workloads.conformance.bench.VhostUserLink;

/** vhost-user servers of our own in this process, on temporary images. */
public final class OwnExports implements DeviceSource {
    private static final int QUEUES = 2;
    private static final int QUEUE_SIZE = 256;

    private final Path folder;
    private final AtomicInteger number = new AtomicInteger();

    /** @param folder for temporary images and sockets */
    public OwnExports(Path folder) {
        this.folder = folder;
    }

    @Override
    public String describe() {
        return "Ringside's vhost-user-blk server in this process";
    }

    @Override
    public TransportKind transport() {
        return TransportKind.VHOST_USER;
    }

    @Override
    public Optional<DeviceUnderTest> open(DeviceConfig config) {
        TestImage image = TestImage.create(folder);
        Path socket = folder.resolve("v" + number.incrementAndGet());
        Export export = Export.open(new ExportSpec(
                socket,
                image.node(config),
                "disk0",
                QUEUES,
                QUEUE_SIZE,
                1,
                PollSpec.OFF,
                TraceMode.COUNTERS,
                config.configWce(),
                OwnMachines.options(config),
                "conformance",
                false,
                ExportProtocol.VHOST_USER));
        export.start();
        return Optional.of(new ServedDevice(new VhostUserLink(socket), Optional.of(image.file()), () -> {
            export.close();
            image.delete();
        }));
    }

    @Override
    public void close() {
        // Each server goes with its device.
    }
}
