package ringside.workloads.trace;

import java.util.Locale;
import java.util.Optional;

/** What a recorded request did. */
public enum TraceOp {
    READ,
    WRITE,
    TRIM,
    /** Makes what was written durable. */
    SYNC;

    /** The operation with this name, in the words of fio and of other tools. */
    static Optional<TraceOp> of(String name) {
        return Optional.ofNullable(
                switch (name.toLowerCase(Locale.ROOT)) {
                    case "read", "r" -> READ;
                    case "write", "w" -> WRITE;
                    case "trim", "discard", "d" -> TRIM;
                    case "sync", "datasync", "fsync", "flush", "f" -> SYNC;
                    default -> null;
                });
    }
}
