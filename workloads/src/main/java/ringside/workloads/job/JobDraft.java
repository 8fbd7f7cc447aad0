package ringside.workloads.job;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The values of a job while its option lines are applied one by one. */
final class JobDraft {
    String name;
    final Map<String, String> recorded = new TreeMap<>();

    private final ShapeOptions shape = new ShapeOptions();
    private final RegionOptions region = new RegionOptions();
    private final ContentOptions content = new ContentOptions();
    private final DepthOptions depth = new DepthOptions();
    private final TimingOptions timing = new TimingOptions();
    private final PacingOptions pacing = new PacingOptions();
    private final SyncOptions sync = new SyncOptions();
    private final VerifyOptions verify = new VerifyOptions();
    private final LogOptions logs = new LogOptions();
    private final TraceOptions trace = new TraceOptions();
    private final NameOptions naming = new NameOptions();
    private final List<OptionGroup> groups =
            List.of(naming, shape, region, content, depth, timing, pacing, sync, verify, logs, trace);

    JobDraft(String name) {
        this.name = name;
    }

    /** The group that an option belongs to. */
    Optional<OptionGroup> group(String option) {
        return groups.stream().filter(group -> group.names().contains(option)).findFirst();
    }

    /** All options that act. */
    Set<String> options() {
        return groups.stream().flatMap(group -> group.names().stream()).collect(Collectors.toUnmodifiableSet());
    }

    JobSpec build() {
        JobTrace replay = trace.trace();
        JobAccess access = replay.isReplayed() ? shape.access().withRw(replay.rw()) : shape.access();
        return new JobSpec(
                name,
                access.withRw(verify.direction(access.rw())),
                replay.isReplayed() ? replay.bs() : shape.bs(),
                region.region(),
                verify.content(content.content()),
                depth.depth(),
                depth.numjobs(),
                timing.timing(),
                pacing.pacing(),
                sync.sync(),
                verify.verify(),
                logs.logs(name),
                replay,
                recorded);
    }

    /** The option that names the job. */
    final class NameOptions extends OptionGroup {
        NameOptions() {
            option("name", value -> name = value);
        }
    }
}
