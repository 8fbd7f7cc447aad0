package ringside.workloads.runner;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
            parts.stream()
                    .filter(part -> part.op == op)
                    .reduce(DirectionOutcome::plus)
                    .ifPresent(merged::add);
        }
        return List.copyOf(merged);
    }

    private DirectionOutcome plus(DirectionOutcome other) {
        LatencySet sum = latency.copy();
        sum.add(other.latency);
        return new DirectionOutcome(op, ios + other.ios, bytes + other.bytes, errors + other.errors, sum);
    }

    static Optional<DirectionOutcome> find(List<DirectionOutcome> directions, IoUnit.Op op) {
        return directions.stream().filter(direction -> direction.op == op).findFirst();
    }
}
