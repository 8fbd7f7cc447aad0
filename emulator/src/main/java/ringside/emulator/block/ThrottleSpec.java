package ringside.emulator.block;

import java.util.Optional;

/**
 * Limits rate by leaky buckets that allow bursts (QEMU: driver throttle, docs/throttle.txt).
 *
 * @param file what is limited
 * @param group name of the limits that several nodes share
 * @param limits the limits; all nodes of a group have the same
 */
public record ThrottleSpec(BlockNodeSpec file, String group, ThrottleLimits limits) implements BlockNodeSpec {
    @Override
    public String driver() {
        return "throttle";
    }

    @Override
    public Optional<Raw> image() {
        return file.image();
    }
}
