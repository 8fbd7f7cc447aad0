package ringside.harness.observe;

import java.util.Optional;

/**
 * Time in which at least one task of the host waited for a resource, until one moment: the line {@code some} of
 * /proc/pressure (PSI, see the kernel's Documentation/accounting/psi.rst).
 *
 * @param cpuNs for a CPU
 * @param ioNs for storage
 * @param memoryNs for memory: reclaim, swap, refaults
 */
record Pressure(long cpuNs, long ioNs, long memoryNs) {
    private static final String TOTAL = " total=";
    private static final long US = 1000;

    /** Reads now; empty where the kernel does not count it. */
    static Optional<Pressure> now() {
        return of("cpu")
                .flatMap(cpu -> of("io").flatMap(io -> of("memory").map(memory -> new Pressure(cpu, io, memory))));
    }

    private static Optional<Long> of(String resource) {
        return ProcFiles.read("/proc/pressure/" + resource).flatMap(Pressure::some);
    }

    /** The total of a file's first line, in nanoseconds. */
    static Optional<Long> some(String text) {
        String line = text.lines().findFirst().orElse("");
        int at = line.indexOf(TOTAL);
        return line.startsWith("some ") && at >= 0
                ? Optional.of(Long.parseLong(line.substring(at + TOTAL.length()).strip()) * US)
                : Optional.empty();
    }
}
