package ringside.workloads.target.virtio;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import ringside.emulator.trace.LogHistogram;

/** What the sampled requests of a set of targets show of the measured phase. Used by the thread that runs the load. */
public final class StageWindow {
    private final List<VirtioBlkTarget> targets;
    private Map<String, LogHistogram> before = Map.of();
    private Map<String, LogHistogram> after = Map.of();

    /** @param targets of the set; may still grow until {@link #begin()} */
    public StageWindow(List<VirtioBlkTarget> targets) {
        this.targets = targets;
    }

    /** The measured phase begins: what was sampled so far does not count. */
    public void begin() {
        before = sampledSoFar();
    }

    /** The measured phase ends. */
    public void end() {
        after = sampledSoFar();
    }

    /**
     * Histograms of the stages of requests sampled between {@link #begin()} and {@link #end()}, over all queues, by stage
     * name; empty when timelines are off. The load goes on while the two are taken, so a few requests at either end may be
     * missing in one stage and not in another.
     */
    public Map<String, LogHistogram> stages() {
        Map<String, LogHistogram> measured = new TreeMap<>();
        after.forEach((stage, histogram) ->
                measured.put(stage, histogram.minus(before.getOrDefault(stage, new LogHistogram()))));
        return measured;
    }

    private Map<String, LogHistogram> sampledSoFar() {
        Map<String, LogHistogram> merged = new TreeMap<>();
        for (VirtioBlkTarget target : targets) {
            target.stages()
                    .ifPresent(stages -> stages.forEach(
                            (stage, histogram) -> merged.computeIfAbsent(stage.label(), _ -> new LogHistogram())
                                    .add(histogram)));
        }
        return merged;
    }
}
