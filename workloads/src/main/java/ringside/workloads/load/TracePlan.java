package ringside.workloads.load;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import ringside.workloads.job.JobSpec;
import ringside.workloads.job.JobTrace;
import ringside.workloads.trace.Trace;
import ringside.workloads.trace.TraceRules;

/**
 * The traces of a run, each read once however many lanes replay it, and the files that lanes write theirs to. Confined to
 * the thread that prepares the run.
 */
public final class TracePlan {
    private record Key(Path file, TraceRules rules) {}

    private final Map<Key, Trace> traces = new HashMap<>();
    private final Map<Path, Integer> logs = new HashMap<>();

    /**
     * What a clone replays.
     *
     * @throws IllegalArgumentException one line, when the trace cannot be read or reaches beyond the disk
     */
    public Optional<Trace> replayOf(JobSpec job, int clone, long capacityBytes) {
        JobTrace spec = job.trace();
        if (!spec.isReplayed()) {
            return Optional.empty();
        }
        Path file = spec.fileOf(clone);
        Trace trace = traces.computeIfAbsent(new Key(file, spec.rules()), key -> Trace.read(key.file(), key.rules()));
        if (trace.summary().endBytes() > capacityBytes) {
            throw new IllegalArgumentException("job " + job.name() + ": the trace " + file + " reaches to byte "
                    + trace.summary().endBytes() + " of a disk of " + capacityBytes
                    + " bytes: use a larger disk, or replay_scale with replay_align");
        }
        return Optional.of(trace);
    }

    /** The log of the next lane of a job: the file itself for the first, with a number behind it for the others. */
    public Optional<Path> logOf(JobSpec job) {
        if (!job.trace().isRecorded()) {
            return Optional.empty();
        }
        Path file = job.trace().record();
        int number = logs.merge(file, 1, Integer::sum) - 1;
        return Optional.of(number == 0 ? file : file.resolveSibling(file.getFileName() + "." + number));
    }
}
