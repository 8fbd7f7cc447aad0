package ringside.harness.observe;

import java.nio.file.Path;

/** Takes stacks of threads that use a CPU. */
interface CpuSampler {
    /** Between two samples of a busy thread, in milliseconds: finer than the kernel's tick of many hosts is of no use. */
    int INTERVAL_MS = 5;

    /** Begins to sample. */
    void begin();

    /**
     * Ends and writes the flame graph.
     *
     * @throws IllegalArgumentException one line, when it cannot
     */
    void end(Path html);
}
