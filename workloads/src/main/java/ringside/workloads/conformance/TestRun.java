package ringside.workloads.conformance;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import ringside.workloads.conformance.bench.Bench;
import ringside.workloads.conformance.bench.BenchException;
import ringside.workloads.conformance.bench.DeviceUnderTest;
import ringside.workloads.conformance.chapter.ConformanceTest;
import ringside.workloads.conformance.spec.NotApplicable;
import ringside.workloads.conformance.spec.OtherReaction;
import ringside.workloads.conformance.spec.Verdict;

/** One test on one device, with its time limit. A test that does not come back is left behind with its device. */
final class TestRun {
    private static final long LIMIT_MS = 20_000;

    /** What came out, and whether the device can be used again. */
    record Outcome(Verdict verdict, String evidence, boolean deviceUsable) {}

    private TestRun() {}

    static Outcome of(ConformanceTest test, Bench bench) {
        AtomicReference<Outcome> outcome = new AtomicReference<>();
        Thread thread = Thread.ofPlatform().daemon(true).name("conformance").start(() -> outcome.set(run(test, bench)));
        try {
            thread.join(LIMIT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Outcome result = outcome.get();
        return result == null
                ? new Outcome(Verdict.FAIL, "no end within " + TimeUnit.MILLISECONDS.toSeconds(LIMIT_MS) + " s", false)
                : result;
    }

    private static Outcome run(ConformanceTest test, Bench bench) {
        Outcome outcome = body(test, bench);
        if (outcome.verdict() == Verdict.SKIP) {
            return outcome;
        }
        boolean kept = !test.device().readOnly() && test.device().slowMs() == 0;
        Optional<String> trouble = bench.survives(kept);
        if (trouble.isPresent()) {
            String seen = outcome.evidence().isEmpty() ? "" : outcome.evidence() + "; ";
            return new Outcome(Verdict.FAIL, seen + trouble.get(), false);
        }
        return outcome;
    }

    private static Outcome body(ConformanceTest test, Bench bench) {
        try {
            return new Outcome(Verdict.PASS, test.body().run(bench), true);
        } catch (NotApplicable e) {
            return new Outcome(Verdict.SKIP, e.getMessage(), true);
        } catch (OtherReaction e) {
            return new Outcome(Verdict.DEVIATES, e.getMessage(), true);
        } catch (BenchException e) {
            return new Outcome(Verdict.FAIL, e.getMessage(), true);
        } catch (RuntimeException e) {
            // The suite must say so, whoever is to blame, and go on with the next test.
            return new Outcome(Verdict.FAIL, "unexpected " + e, false);
        }
    }

    /** Closes a device; one that hangs is left behind. */
    static void close(DeviceUnderTest device) {
        Thread thread =
                Thread.ofPlatform().daemon(true).name("conformance-close").start(device::close);
        try {
            thread.join(LIMIT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
