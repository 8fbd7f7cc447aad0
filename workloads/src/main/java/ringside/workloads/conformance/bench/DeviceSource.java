package ringside.workloads.conformance.bench;

import java.util.Optional;

/** Makes devices under test. */
public interface DeviceSource extends AutoCloseable {
    /** What is tested, for the head of a report. */
    String describe();

    TransportKind transport();

    /** A device, not shared with anybody; empty where this target cannot arrange it. */
    Optional<DeviceUnderTest> open(DeviceConfig config);

    @Override
    void close();
}
