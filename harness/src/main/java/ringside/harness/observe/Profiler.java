package ringside.harness.observe;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Samples where this JVM's threads spend their CPU time in the measured phase, and draws a flame graph. What it does is
 * set by system properties of a worker, because a profile changes the figures and belongs to no run that counts.
 */
public final class Profiler {
    /** System property: the HTML file to write; without it nothing is sampled. */
    public static final String FILE = "ringside.profile.file";

    /** System property: async-profiler's library; without it the JVM's own CPU-time sampler is used. */
    public static final String LIBRARY = "ringside.profile.library";

    private final CpuSampler sampler;
    private final Path file;

    private Profiler(CpuSampler sampler, Path file) {
        this.sampler = sampler;
        this.file = file;
    }

    /** The profiler that was asked for. */
    public static Optional<Profiler> requested() {
        return Optional.ofNullable(System.getProperty(FILE))
                .map(file -> new Profiler(
                        Optional.ofNullable(System.getProperty(LIBRARY))
                                .<CpuSampler>map(library -> new AsyncProfilerSampler(Path.of(library)))
                                .orElseGet(JfrSampler::new),
                        Path.of(file)));
    }

    /** The measured phase begins. */
    public void begin() {
        sampler.begin();
    }

    /** The measured phase is over: draws the graph, in a second or so. */
    public void end() {
        sampler.end(file);
    }
}
