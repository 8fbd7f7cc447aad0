package ringside.harness.observe;

import java.util.Map;
import java.util.Optional;

/**
 * What host and process had used until one moment.
 *
 * @param atNs nanoTime of the reading
 * @param host the host's CPUs, where it tells
 * @param pressure waiting, where the kernel counts it
 * @param processNs CPU time of this process
 * @param childrenNs CPU time of the processes it started
 * @param allocatedBytes bytes allocated on the heap
 * @param threadNs CPU time by thread name
 */
record HostSample(
        long atNs,
        Optional<HostStat> host,
        Optional<Pressure> pressure,
        long processNs,
        long childrenNs,
        long allocatedBytes,
        Map<String, Long> threadNs) {
    static HostSample now(OwnCpu own) {
        return new HostSample(
                System.nanoTime(),
                HostStat.now(),
                Pressure.now(),
                own.processNs(),
                own.childrenNs(),
                own.allocatedBytes(),
                own.threadNs());
    }

    /** CPU time of everybody else on the host. */
    long othersNs() {
        return host.map(stat -> stat.busyNs() - processNs - childrenNs).orElse(0L);
    }

    /** Time that the host's own host gave to others. */
    long stolenNs() {
        return host.map(HostStat::stolenNs).orElse(0L);
    }
}
