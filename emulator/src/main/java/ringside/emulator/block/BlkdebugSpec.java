package ringside.emulator.block;

import java.util.List;
import java.util.Optional;
import java.util.Set;

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
     * @param immediately whether the request fails before its submission returns
     */
    public record Injection(
            String event,
            int state,
            List<String> ioTypes,
            int errno,
            long sector,
            boolean once,
            long latencyNs,
            boolean immediately) {
        private static final Set<String> IO_TYPES = Set.of("read", "write", "write-zeroes", "discard", "flush");

        /** A fault that shows in a completion. */
        public Injection(
                String event, int state, List<String> ioTypes, int errno, long sector, boolean once, long latencyNs) {
            this(event, state, ioTypes, errno, sector, once, latencyNs, false);
        }

        public Injection {
            event = BlockEvent.of(event).label();
            ioTypes = List.copyOf(ioTypes);
            for (String ioType : ioTypes) {
                if (!IO_TYPES.contains(ioType)) {
                    throw new IllegalArgumentException(
                            "iotype: unknown '" + ioType + "': use read, write, write-zeroes, discard or flush");
                }
            }
            if (immediately && latencyNs > 0) {
                throw new IllegalArgumentException("immediately=on cannot have a latency: leave one out");
            }
        }
    }

    /**
     * A change of state (QEMU: set-state).
     *
     * @param event name of the event
     * @param state in which state, 0 for any
     * @param newState the state afterwards; 1 is the first
     */
    public record Transition(String event, int state, int newState) {
        public Transition {
            event = BlockEvent.of(event).label();
        }
    }

    public BlkdebugSpec {
        injections = List.copyOf(injections);
        transitions = List.copyOf(transitions);
        boolean odd = alignBytes != 0 && (alignBytes < 512 || Integer.bitCount(alignBytes) != 1);
        if (odd) {
            throw new IllegalArgumentException("align " + alignBytes + " is not a power of two of at least 512");
        }
    }

    @Override
    public String driver() {
        return "blkdebug";
    }

    @Override
    public Optional<Raw> image() {
        return file.image();
    }
}
