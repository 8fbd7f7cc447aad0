package ringside.workloads.conformance.bench;

import ringside.emulator.ffi.LibC;

/** Events that an eventfd has counted. */
final class Counter {
    private Counter() {}

    /** Whether there was at least one since the last call, as 1 or 0; several before a look are one. */
    static int take(int fd) {
        return LibC.eventfdDrain(fd) > 0 ? 1 : 0;
    }
}
