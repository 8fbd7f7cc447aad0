package ringside.workloads.conformance.chapter;

import java.util.Arrays;
import ringside.workloads.conformance.bench.Bench;
import ringside.workloads.conformance.bench.BenchException;
import ringside.workloads.conformance.bench.BlkRequest;
import ringside.workloads.conformance.bench.Completion;
import ringside.workloads.conformance.bench.RegisterLink;
import ringside.workloads.conformance.bench.Waiting;
import ringside.workloads.conformance.spec.OtherReaction;

/** What tests expect of a device, with the evidence for both outcomes. */
final class Expect {
    private static final long REACTION_MS = 2000;

    private Expect() {}

    /** A statement that must hold. */
    static void that(boolean holds, String otherwise) {
        if (!holds) {
            throw new BenchException(otherwise);
        }
    }

    static void same(byte[] got, byte[] expected, String what) {
        int at = Arrays.mismatch(got, expected);
        that(at < 0, what + " differs from byte " + at + " on");
    }

    /** A recommendation. */
    static void should(boolean holds, String otherwise) {
        if (!holds) {
            throw new OtherReaction(otherwise);
        }
    }

    /** Reaction B: broken until reset, and nothing more consumed. */
    static String broken(Bench bench) {
        boolean told = Waiting.until(
                REACTION_MS, () -> bench.link().broken() || bench.ring().poll().isPresent());
        boolean broken = bench.link().broken();
        Expect.should(told && broken, told ? "the device used the buffer" : "the device ignores it and goes on");
        if (bench.link() instanceof RegisterLink registers) {
            Expect.that(
                    Waiting.until(REACTION_MS, registers::takeConfigNotification),
                    "NEEDS_RESET without a configuration change notification");
            return "NEEDS_RESET and a configuration change notification, nothing consumed";
        }
        return "the back-end reports an error, nothing consumed";
    }

    /** A request that is answered with one of some statuses. */
    static String status(Bench bench, BlkRequest request, int... statuses) {
        Completion completion = bench.run(request);
        boolean expected = Arrays.stream(statuses).anyMatch(status -> status == completion.status());
        that(expected, "completed with " + completion.describe());
        return completion.describe();
    }

    /** The same as a proposal: another answer is a deviation, not a failure. */
    static String proposed(Bench bench, BlkRequest request, int... statuses) {
        bench.submit(request);
        boolean ended =
                Waiting.until(REACTION_MS, () -> bench.link().broken() || request.status() != BlkRequest.UNTOUCHED);
        should(ended, "no reaction");
        boolean expected = Arrays.stream(statuses).anyMatch(status -> status == request.status());
        should(
                expected,
                bench.link().broken()
                        ? "the device stops until a reset"
                        : "completed with " + BlkRequest.statusName(request.status()));
        return "completed with " + BlkRequest.statusName(request.status());
    }
}
