package ringside.workloads.conformance.target;

import java.nio.file.Path;
import java.util.Optional;
import ringside.workloads.conformance.bench.DeviceConfig;
import ringside.workloads.conformance.bench.DeviceSource;
import ringside.workloads.conformance.bench.DeviceUnderTest;
import ringside.workloads.conformance.bench.TransportKind;
import ringside.workloads.conformance.bench.VhostUserLink;

/** A vhost-user-blk server that somebody else started. Its device is as it is, and its image gets written. */
public final class SocketServer implements DeviceSource {
    private final Path socket;

    public SocketServer(Path socket) {
        this.socket = socket;
    }

    @Override
    public String describe() {
        return "the vhost-user-blk server on " + socket;
    }

    @Override
    public TransportKind transport() {
        return TransportKind.VHOST_USER;
    }

    /** Only the device that is there: a test that needs a special one is skipped. */
    @Override
    public Optional<DeviceUnderTest> open(DeviceConfig config) {
        return config.equals(DeviceConfig.DEFAULT)
                ? Optional.of(new ServedDevice(new VhostUserLink(socket), Optional.empty(), () -> {}))
                : Optional.empty();
    }

    @Override
    public void close() {
        // Somebody else's.
    }
}
