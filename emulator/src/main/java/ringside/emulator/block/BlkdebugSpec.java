package ringside.emulator.block;

import java.util.List;
import java.util.Optional;

/**
 * Injects faults (QEMU: driver blkdebug, docs/devel/blkdebug.rst).
 *
 * @param file what the faults are injected above
 * @param injections faults
 * @param transitions changes of state
 * @param alignBytes alignment that requests must have, 0 for that of the file
 */
public record BlkdebugSpec(BlockNodeSpec file, List<Injection> injections, List<Transition> transitions, int alignBytes)
        implements BlockNodeSpec {
    /**
     * A fault (QEMU: inject-error).
     *
     * @param event name of the event that arms it, as QEMU spells it ({@code l2_update}, {@code pwritev}, ...)
     * @param state in which state, 0 for any
     * @param ioTypes kinds of requests, as QEMU spells them ({@code read}, {@code write}, {@code flush}, ...); empty for all
     * @param errno positive errno, 0 for a delay only
     * @param sector the request must touch this sector of 512 bytes, -1 for any
     * @param once whether the fault goes away after it has been injected
     * @param latencyNs the request takes so much longer
     */
    public record Injection(
            String event, int state, List<String> ioTypes, int errno, long sector, boolean once, long latencyNs) {}

    /**
     * A change of state (QEMU: set-state).
     *
     * @param event name of the event
     * @param state in which state, 0 for any
     * @param newState the state afterwards; 1 is the first
     */
    public record Transition(String event, int state, int newState) {}

    @Override
    public String driver() {
        return "blkdebug";
    }

    @Override
    public Optional<Raw> image() {
        return file.image();
    }
}
