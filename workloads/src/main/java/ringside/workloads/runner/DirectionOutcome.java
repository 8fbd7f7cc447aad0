package ringside.workloads.runner;

import java.util.ArrayList;
import java.util.List;
import ringside.workloads.latency.LatencySet;
import ringside.workloads.unit.IoUnit;

/**
 * One direction of a lane, a job or a run.
 *
 * @param op READ, WRITE or TRIM
 * @param ios successful requests in the window; equals the count of each histogram
 * @param bytes bytes moved by them
 * @param errors failed requests over all phases
 * @param latency their latencies
 */
public record DirectionOutcome(IoUnit.Op op, long ios, long bytes, long errors, LatencySet latency) {
    /** Sums by direction; histograms are added, so percentiles are those of all values together. */
    static List<DirectionOutcome> merge(List<DirectionOutcome> parts) {
        List<DirectionOutcome> merged = new ArrayList<>();
        for (IoUnit.Op op : IoUnit.Op.values()) {
            List<DirectionOutcome> same =
                    parts.stream().filter(part -> part.op == op).toList();
            if (!same.isEmpty()) {
                merged.add(sum(op, same));
            }
        }
        return List.copyOf(merged);
    }

    private static DirectionOutcome sum(IoUnit.Op op, List<DirectionOutcome> parts) {
        long ios = 0;
        long bytes = 0;
        long errors = 0;
        LatencySet latency = LatencySet.empty();
        for (DirectionOutcome part : parts) {
            ios += part.ios;
            bytes += part.bytes;
            errors += part.errors;
            latency.add(part.latency);
        }
        return new DirectionOutcome(op, ios, bytes, errors, latency);
    }
}
