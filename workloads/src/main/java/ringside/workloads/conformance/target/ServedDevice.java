package ringside.workloads.conformance.target;

import java.nio.file.Path;
import java.util.Optional;
import ringside.workloads.conformance.bench.DeviceLink;
import ringside.workloads.conformance.bench.DeviceUnderTest;
import ringside.workloads.conformance.bench.VhostUserLink;

/** A device behind a socket. */
public final class ServedDevice implements DeviceUnderTest {
    private final VhostUserLink link;
    private final Optional<Path> image;
    private final Runnable stop;

    /** @param stop ends the server, after the connection */
    public ServedDevice(VhostUserLink link, Optional<Path> image, Runnable stop) {
        this.link = link;
        this.image = image;
        this.stop = stop;
    }

    @Override
    public DeviceLink link() {
        return link;
    }

    @Override
    public Optional<Path> image() {
        return image;
    }

    @Override
    public boolean resize(long bytes) {
        return false;
    }

    @Override
    public void close() {
        try {
            link.close();
        } finally {
            stop.run();
        }
    }
}
