package ringside.harness.run;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import ringside.harness.HarnessException;
import ringside.harness.peer.ProcessMeter;
import ringside.harness.peer.ServerLaunch;
import ringside.harness.peer.ServerProcess;
import ringside.harness.peer.ServerStats;
import ringside.harness.results.Metric;
import ringside.harness.results.Metric.Better;
import ringside.harness.results.SanityCheck;
import ringside.harness.suite.CommandTemplate;
import ringside.harness.suite.Option;
import ringside.harness.suite.Units;
import ringside.workloads.runner.JobOutcome;
import ringside.workloads.target.TargetSet;
import ringside.workloads.target.vhostuser.VhostUserTargetSpec;
import ringside.workloads.target.vhostuser.VhostUserTargets;

/** The disk of a vhost-user-blk server: one that is started for this run, or one that runs already. */
final class ServerTarget implements RunTarget {
    private final RunSpec spec;
    private final Optional<ServerProcess> server;
    private final VhostUserTargets targets;
    private final long memoryBytes;
    private ProcessMeter start;
    private ProcessMeter end;
    private boolean disconnected;

    private ServerTarget(RunSpec spec, Optional<ServerProcess> server, VhostUserTargets targets, long memoryBytes) {
        this.spec = spec;
        this.server = server;
        this.targets = targets;
        this.memoryBytes = memoryBytes;
    }

    /** Starts the server where there is one to start, and connects. */
    static ServerTarget open(RunSpec spec, JobSource.Jobs jobs) {
        Optional<ServerProcess> server = spec.serverCommand().isEmpty()
                ? Optional.empty()
                : Optional.of(ServerProcess.start(launch(spec, jobs)));
        Path socket = server.map(ServerProcess::socket).orElseGet(() -> Path.of(spec.option(Option.SOCKET)));
        try {
            VhostUserTargetSpec targetSpec = targetSpec(spec, jobs, socket);
            return new ServerTarget(spec, server, VhostUserTargets.connect(targetSpec), targetSpec.memoryBytes());
        } catch (RuntimeException e) {
            String tail = server.map(ServerProcess::logTail).orElse("");
            server.ifPresent(ServerProcess::close);
            throw HarnessException.environment(e.getMessage() + tail, e);
        }
    }

    private static ServerLaunch launch(RunSpec spec, JobSource.Jobs jobs) {
        return new ServerLaunch(
                spec.option(Option.SERVER),
                CommandTemplate.parse(spec.serverCommand()),
                ServerValues.of(spec.options(), spec.images(), jobs.modifies()),
                TargetRules.serverCpus(spec.options()),
                Path.of(spec.serverLogFile()));
    }

    private static VhostUserTargetSpec targetSpec(RunSpec spec, JobSource.Jobs jobs, Path socket) {
        boolean timelines = spec.option(Option.TRACE).equals("timeline");
        return new VhostUserTargetSpec(
                socket,
                Integer.parseInt(spec.option(Option.QUEUES)),
                Integer.parseInt(spec.option(Option.QUEUE_SIZE)),
                spec.option(Option.EVENT_IDX).equals("on"),
                spec.option(Option.INDIRECT).equals("on"),
                spec.option(Option.RING).equals("packed"),
                spec.option(Option.IN_ORDER).equals("on"),
                true,
                MachineFactory.memoryBytes(spec.options(), jobs),
                spec.option(Option.HUGE_PAGES).equals("on"),
                Units.nanoseconds(spec.option(Option.HALT_POLL_NS)),
                timelines ? Integer.parseInt(spec.option(Option.TIMELINE_EVERY)) : 0,
                VhostUserTargetSpec.Timeouts.DEFAULT);
    }

    @Override
    public TargetSet targets() {
        return targets;
    }

    @Override
    public void measureStarted() {
        targets.beginStages();
        server.ifPresent(process -> start = process.meter());
    }

    @Override
    public void measureEnded() {
        server.ifPresent(process -> end = process.meter());
        targets.endStages();
    }

    @Override
    public TargetFacts finish(JobOutcome outcome, CpuMeter cpu) {
        Map<String, Histogram> stages = new LinkedHashMap<>();
        new TreeMap<>(targets.stages())
                .forEach((name, histogram) -> stages.put("stage." + name, Histograms.convert(histogram)));
        Map<String, String> options = options();
        Map<String, Metric> metrics = new LinkedHashMap<>();
        metrics.put("client_cpu_per_io", perIo(outcome.cpuNs(), outcome));
        if (server.isEmpty()) {
            return new TargetFacts(
                    options, TargetRules.absent(spec.options()), metrics, stages, List.of(), 0, Map.of());
        }
        SanityCheck alive = alive(server.get());
        ProcessMeter.Used used = end.since(start);
        addUse(metrics, used, outcome);
        disconnect();
        addStats(metrics, server.get().stop());
        Map<String, Long> threads = new LinkedHashMap<>();
        used.threadNs().forEach((name, ns) -> threads.put("server: " + name, ns));
        return new TargetFacts(
                options, TargetRules.absent(spec.options()), metrics, stages, List.of(alive), used.cpuNs(), threads);
    }

    private Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put(Option.MEMORY.label(), Long.toString(memoryBytes));
        options.put("virtio-features", targets.negotiated().describeVirtio());
        options.put("vhost-user-features", targets.negotiated().describeProtocol());
        options.put("disk-size", Long.toString(targets.capacityBytes()));
        server.ifPresent(process -> {
            options.put("server-command", String.join(" ", process.command()));
            String version = process.version();
            options.put("server-version", version.isEmpty() ? TargetRules.ownVersion(spec) : version);
        });
        options.put(Option.SERVER_CPUS.label(), server.isEmpty() ? "unknown" : TargetRules.serverCpus(spec.options()));
        return options;
    }

    private static SanityCheck alive(ServerProcess process) {
        return new SanityCheck(
                "server_alive",
                process.isAlive(),
                process.isAlive()
                        ? "the server ran to the end of the load"
                        : "the server ended under load" + process.logTail());
    }

    private static void addUse(Map<String, Metric> metrics, ProcessMeter.Used used, JobOutcome outcome) {
        metrics.put("server_cpu_per_io", perIo(used.cpuNs(), outcome));
        metrics.put("server_cpu_seconds", new Metric(used.cpuNs() / 1e9, "s", Better.LOWER));
        metrics.put("server_voluntary_switches", new Metric(used.voluntary(), "1", Better.LOWER));
        metrics.put("server_involuntary_switches", new Metric(used.involuntary(), "1", Better.LOWER));
        metrics.put("server_rss", new Metric(used.rssKib() * 1024.0, "bytes", Better.LOWER));
    }

    /** The server's own figures begin when it was ready, so that the ramp is in them. */
    private static void addStats(Map<String, Metric> metrics, ServerStats stats) {
        stats.number("gc_count")
                .ifPresent(value -> metrics.put("server_gc_count", new Metric(value, "1", Better.LOWER)));
        stats.number("gc_time_ms")
                .ifPresent(value -> metrics.put("server_gc_time", new Metric(value * 1e6, "ns", Better.LOWER)));
        stats.number("max_pause_ms")
                .ifPresent(value -> metrics.put("server_gc_max_pause", new Metric(value * 1e6, "ns", Better.LOWER)));
    }

    private static Metric perIo(double ns, JobOutcome outcome) {
        return new Metric(outcome.ios() == 0 ? 0 : ns / outcome.ios(), "ns", Better.LOWER);
    }

    /** The front-end goes first, as a guest does. */
    private void disconnect() {
        if (!disconnected) {
            disconnected = true;
            targets.close();
        }
    }

    @Override
    public void close() {
        try {
            disconnect();
        } finally {
            server.ifPresent(ServerProcess::close);
        }
    }
}
