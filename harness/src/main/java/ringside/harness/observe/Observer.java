package ringside.harness.observe;

import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import ringside.harness.results.Metric;
import ringside.harness.results.Metric.Better;
import ringside.harness.results.RunEvent;

/**
 * Watches this JVM and its host while a run is measured. Called by the thread that coordinates the run, in the order
 * start, {@link #begin}, {@link #end}, {@link #result}, close.
 */
public final class Observer implements AutoCloseable {
    private final Optional<HostSampler> sampler;
    private final Optional<JfrObserver> jfr;
    private List<HostSample> samples = List.of();
    private final Optional<Profiler> profiler = Profiler.requested();
    private Instant begin = Instant.MAX;
    private Instant end = Instant.MAX;

    private Observer(ObserveMode mode, boolean children, Consumer<String> live) {
        jfr = mode == ObserveMode.JFR ? Optional.of(new JfrObserver()) : Optional.empty();
        sampler = mode == ObserveMode.OFF
                ? Optional.empty()
                : Optional.of(new HostSampler(children, (before, now) -> live.accept(text(before, now))));
    }

    /**
     * Starts to watch.
     *
     * @param children whether child processes come and go in the measured phase; those that are there when it begins
     *     are always counted as own
     * @param live told of what goes on, in a few words, some five times a second on another thread
     */
    public static Observer start(ObserveMode mode, boolean children, Consumer<String> live) {
        return new Observer(mode, children, live);
    }

    /** The measured phase begins. */
    public void begin() {
        sampler.ifPresent(HostSampler::begin);
        begin = Instant.now();
        profiler.ifPresent(Profiler::begin);
    }

    /** The measured phase is over. */
    public void end() {
        end = Instant.now();
        profiler.ifPresent(Profiler::end);
        samples = sampler.map(HostSampler::end).orElse(List.of());
    }

    /** What was seen in the measured phase; nothing when there was none. Takes some 50 ms where JFR watches. */
    public Observed result() {
        if (samples.size() < 2) {
            return Observed.NOTHING;
        }
        HostTimeline timeline = new HostTimeline(samples);
        Map<String, Metric> metrics = new LinkedHashMap<>(timeline.metrics());
        List<RunEvent> events = jfr.map(this::events).orElse(List.of());
        if (jfr.isPresent()) {
            metrics.putAll(pauses(events));
        }
        return new Observed(timeline.windowNs(), metrics, timeline.series(), JfrEvents.longest(events));
    }

    private List<RunEvent> events(JfrObserver observer) {
        try {
            return observer.events(begin, end);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "cannot read the JVM's events (" + e.getMessage() + "): make room in "
                            + System.getProperty("java.io.tmpdir") + ", or run with --set observe=host",
                    e);
        }
    }

    private static Map<String, Metric> pauses(List<RunEvent> events) {
        List<RunEvent> stops = events.stream()
                .filter(event -> event.kind().equals("safepoint"))
                .toList();
        double totalNs = stops.stream().mapToLong(RunEvent::durationNs).sum();
        double longestNs = stops.stream().mapToLong(RunEvent::durationNs).max().orElse(0);
        return Map.of(
                "safepoint_count", new Metric(stops.size(), "1", Better.LOWER),
                "safepoint_time", new Metric(totalNs, "ns", Better.LOWER),
                "safepoint_longest", new Metric(longestNs, "ns", Better.LOWER));
    }

    private String text(HostSample before, HostSample now) {
        double ns = Math.max(1, now.atNs() - before.atNs());
        double others = Math.max(0, now.othersNs() - before.othersNs()) / ns;
        double stolen = (now.stolenNs() - before.stolenNs()) / ns;
        String text = now.host().isPresent() ? String.format(Locale.ROOT, "others %.1f CPUs", others) : "";
        text += stolen >= 0.05 ? String.format(Locale.ROOT, " stolen %.1f", stolen) : "";
        return (text + " " + jfr.map(JfrObserver::live).orElse("")).strip();
    }

    @Override
    public void close() {
        sampler.ifPresent(HostSampler::close);
        jfr.ifPresent(JfrObserver::close);
    }
}
