package ringside.workloads.conformance.chapter;

import java.util.List;

/** All tests, in the order of the specification. */
public final class Chapters {
    private static final List<ConformanceTest> TESTS = collect();

    private Chapters() {}

    /** All tests. */
    public static List<ConformanceTest> tests() {
        return TESTS;
    }

    private static List<ConformanceTest> collect() {
        TestList list = new TestList();
        StatusAndFeatures.addTo(list);
        Initialisation.addTo(list);
        QueueReset.addTo(list);
        SplitFraming.addTo(list);
        SplitNotifications.addTo(list);
        SplitHostile.addTo(list);
        PackedRings.addTo(list);
        PackedRings.addHostileTo(list);
        MmioRegistersChapter.addTo(list);
        MmioRegistersChapter.addHostileTo(list);
        BlockDevice.addTo(list);
        BlockHostile.addTo(list);
        ReservedFeatures.addTo(list);
        VhostUserMessages.addTo(list);
        return list.tests();
    }
}
