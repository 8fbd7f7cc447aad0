package ringside.workloads.conformance.bench;

import java.nio.file.Path;
import java.util.Optional;

/** A device that was made for tests. */
public interface DeviceUnderTest extends AutoCloseable {
    DeviceLink link();

    /** The image behind it, where it can be looked at from outside. */
    Optional<Path> image();

    /**
     * Changes the size of the disk while it is used.
     *
     * @return false where the target cannot
     */
    boolean resize(long bytes);

    @Override
    void close();
}
