package ringside.emulator.block.qcow2.tool;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What a check found, in the terms of {@code qemu-img check}. Filled in by {@link Qcow2Check}. */
public final class CheckResult {
    private static final int MAX_MESSAGES = 1000;

    private final List<String> messages = new ArrayList<>();
    long corruptions;
    long leaks;
    long corruptionsFixed;
    long leaksFixed;
    long totalClusters;
    long allocatedClusters;
    long compressedClusters;
    long fragmentedClusters;
    long imageEndOffset;

    CheckResult() {}

    /** @param text asked for only if it is shown: an image can have millions of findings */
    void corruption(Supplier<String> text) {
        corruptions++;
        say("ERROR ", text);
    }

    void leak(Supplier<String> text) {
        leaks++;
        say("Leaked ", text);
    }

    private void say(String kind, Supplier<String> text) {
        if (messages.size() < MAX_MESSAGES) {
            messages.add(kind + text.get());
        }
    }

    /** A line for each finding, the first thousand. */
    public List<String> messages() {
        return List.copyOf(messages);
    }

    /** Findings that can cost data. */
    public long corruptions() {
        return corruptions;
    }

    /** Clusters that are lost to the image, but do no harm. */
    public long leaks() {
        return leaks;
    }

    /** Corruptions that the repair mended. */
    public long corruptionsFixed() {
        return corruptionsFixed;
    }

    /** Leaks that the repair mended. */
    public long leaksFixed() {
        return leaksFixed;
    }

    /** Clusters of the guest's disk. */
    public long totalClusters() {
        return totalClusters;
    }

    /** Clusters of the guest's disk that are stored. */
    public long allocatedClusters() {
        return allocatedClusters;
    }

    /** Of these, those that are compressed. */
    public long compressedClusters() {
        return compressedClusters;
    }

    /** Of these, those that do not follow the one before in the file. */
    public long fragmentedClusters() {
        return fragmentedClusters;
    }

    /** Where the last cluster that is in use ends. */
    public long imageEndOffset() {
        return imageEndOffset;
    }

    /** Whether nothing was found. */
    public boolean clean() {
        return corruptions == 0 && leaks == 0;
    }
}
