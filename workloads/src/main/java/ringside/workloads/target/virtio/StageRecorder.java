package ringside.workloads.target.virtio;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import ringside.emulator.trace.LogHistogram;
import ringside.emulator.trace.TimelineTable;
import ringside.emulator.trace.TracePoint;

/**
 * Turns the timelines of sampled requests into one histogram per stage. One per queue; recorded by the load thread,
 * which may read a row after it reaped the head. A stage with a missing end (a refused request) is not recorded, so the
 * stages of a request add up to its latency.
 */
final class StageRecorder {
    private final Map<Stage, LogHistogram> histograms = new EnumMap<>(Stage.class);
    private final Stage[] stages;
    private final boolean here;

    StageRecorder(BlkDisk.Place place) {
        here = place == BlkDisk.Place.HERE;
        stages = Arrays.stream(Stage.values())
                .filter(stage -> stage.isSeenFrom(place))
                .toArray(Stage[]::new);
        for (Stage stage : stages) {
            histograms.put(stage, new LogHistogram());
        }
    }

    void record(TimelineTable timeline, int head) {
        boolean engine = timeline.stampNs(head, TracePoint.AIO_COMPLETE) != 0;
        for (Stage stage : stages) {
            if (engine || !stage.needsEngine()) {
                record(stage, timeline.stampNs(head, stage.from()), timeline.stampNs(head, stage.to()));
            }
        }
        if (here && !engine) {
            // A node without an engine (null) is the host itself: all between block layer and used ring is its share.
            record(
                    Stage.HOST,
                    timeline.stampNs(head, TracePoint.BLOCK_SUBMIT),
                    timeline.stampNs(head, TracePoint.ADD_USED));
        }
    }

    private void record(Stage stage, long fromNs, long toNs) {
        if (fromNs != 0 && toNs != 0) {
            histograms.get(stage).record(toNs - fromNs);
        }
    }

    Map<Stage, LogHistogram> snapshot() {
        Map<Stage, LogHistogram> copy = new EnumMap<>(Stage.class);
        histograms.forEach((stage, histogram) -> copy.put(stage, histogram.snapshot()));
        return copy;
    }

    /** The parts of a request's life between two trace points. */
    enum Stage {
        /** Driver: building the request until it is published. */
        SLAT("slat", TracePoint.DRIVER_SUBMIT, TracePoint.PUBLISH),
        /** Kick, wake-up and queueing until the device takes the chain. */
        WAKE("wake", TracePoint.PUBLISH, TracePoint.POP),
        /** Device: parsing and the block layer. */
        DEVICE("device", TracePoint.POP, TracePoint.BLOCK_SUBMIT),
        /** Waiting for the batch to be handed to the engine. */
        PLUG("plug", TracePoint.BLOCK_SUBMIT, TracePoint.AIO_SUBMIT),
        /** Engine and host. */
        HOST("host", TracePoint.AIO_SUBMIT, TracePoint.AIO_COMPLETE),
        /** From the engine's completion to the used ring. */
        COMPLETE("complete", TracePoint.AIO_COMPLETE, TracePoint.ADD_USED),
        /** From the used ring to the driver: publication, interrupt, wake-up. */
        RETURN("return", TracePoint.ADD_USED, TracePoint.DRIVER_REAP),
        /** All that is not the driver's, of a device in another process. */
        SERVER("server", TracePoint.PUBLISH, TracePoint.DRIVER_REAP);

        private final String label;
        private final TracePoint from;
        private final TracePoint to;

        Stage(String label, TracePoint from, TracePoint to) {
            this.label = label;
            this.from = from;
            this.to = to;
        }

        String label() {
            return label;
        }

        /** Whether the stage can be told apart for a device in that place. */
        boolean isSeenFrom(BlkDisk.Place place) {
            return this == SLAT || (this == SERVER) == (place == BlkDisk.Place.ELSEWHERE);
        }

        /** Whether both ends exist only where an engine does the work. */
        boolean needsEngine() {
            return this == PLUG || this == HOST || this == COMPLETE;
        }

        TracePoint from() {
            return from;
        }

        TracePoint to() {
            return to;
        }
    }
}
