package ringside.workloads.job;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import ringside.workloads.trace.TraceOp;
import ringside.workloads.trace.TraceRules;
import ringside.workloads.trace.TraceSummary;

/** Which trace a job replays or records. */
final class TraceOptions extends OptionGroup {
    private final List<Path> files = new ArrayList<>();
    private Path record = Path.of("");
    private boolean noStall;
    private int timeScale = 100;
    private int align;
    private int scale = 1;
    private Set<TraceOp> skip = Set.of();

    TraceOptions() {
        option("read_iolog", this::setFiles);
        option(
                "write_iolog",
                value -> record = Path.of(value.replace("\\:", ":")).toAbsolutePath());
        option("replay_no_stall", value -> noStall = FioUnits.bool("replay_no_stall", value));
        option(
                "replay_time_scale",
                value -> timeScale = (int) FioUnits.integer("replay_time_scale", value, 1, Integer.MAX_VALUE));
        option("replay_align", value -> align = (int) FioUnits.integer("replay_align", value, 512, 1 << 30));
        option("replay_scale", value -> scale = positive("replay_scale", value));
        option("replay_skip", value -> skip = parseSkip(value));
    }

    JobTrace trace() {
        TraceRules rules = new TraceRules(noStall, timeScale, align, scale, skip);
        List<TraceSummary> summaries =
                files.stream().map(file -> TraceSummary.of(file, rules)).toList();
        return new JobTrace(files, rules, summaries, record);
    }

    private void setFiles(String value) {
        files.clear();
        if (value.equals("-")) {
            throw new IllegalArgumentException("read_iolog=- is not supported: write the trace to a file");
        }
        for (String name : value.split("(?<!\\\\):")) {
            files.add(Path.of(name.replace("\\:", ":")).toAbsolutePath());
        }
    }

    private static Set<TraceOp> parseSkip(String value) {
        Set<TraceOp> skipped = EnumSet.noneOf(TraceOp.class);
        for (String name : value.split(",")) {
            skipped.add(
                    switch (name.strip()) {
                        case "read" -> TraceOp.READ;
                        case "write" -> TraceOp.WRITE;
                        case "trim" -> TraceOp.TRIM;
                        case "sync" -> TraceOp.SYNC;
                        default ->
                            throw new IllegalArgumentException(
                                    "replay_skip=" + value + " is not known: use read, write, trim, sync");
                    });
        }
        return skipped;
    }
}
