package ringside.workloads.conformance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import ringside.workloads.conformance.bench.Bench;
import ringside.workloads.conformance.bench.BenchException;
import ringside.workloads.conformance.bench.DeviceConfig;
import ringside.workloads.conformance.bench.DeviceSource;
import ringside.workloads.conformance.bench.DeviceUnderTest;
import ringside.workloads.conformance.bench.Features;
import ringside.workloads.conformance.bench.RingKind;
import ringside.workloads.conformance.chapter.Chapters;
import ringside.workloads.conformance.chapter.ConformanceTest;
import ringside.workloads.conformance.spec.Verdict;

/** Runs tests, one after another, on devices that are made as they are needed. One thread. */
public final class ConformanceSuite implements AutoCloseable {
    private final DeviceSource source;
    private final Map<DeviceConfig, DeviceUnderTest> devices = new HashMap<>();

    /** @param source makes the devices; the caller closes it */
    public ConformanceSuite(DeviceSource source) {
        this.source = source;
    }

    /**
     * Runs all tests, or some.
     *
     * @param rings formats to test
     * @param clauses ids of statements, empty for all
     * @param progress hears of each result
     */
    public ConformanceReport run(List<RingKind> rings, Set<String> clauses, Consumer<TestResult> progress) {
        long begin = System.nanoTime();
        long offered = offered();
        List<TestResult> results = new ArrayList<>();
        for (RingKind ring : rings) {
            for (ConformanceTest test : Chapters.tests()) {
                boolean wanted = clauses.isEmpty() || test.clauses().stream().anyMatch(clauses::contains);
                if (wanted && test.rings().contains(ring)) {
                    TestResult result = run(test, ring, offered);
                    results.add(result);
                    progress.accept(result);
                }
            }
        }
        return new ConformanceReport(source.describe(), offered, results, System.nanoTime() - begin);
    }

    private long offered() {
        return device(DeviceConfig.DEFAULT)
                .orElseThrow(() -> new BenchException("there is no device to test"))
                .link()
                .offered();
    }

    private TestResult run(ConformanceTest test, RingKind ring, long offered) {
        long begin = System.nanoTime();
        TestRun.Outcome outcome = notApplicable(test, ring, offered)
                .map(reason -> new TestRun.Outcome(Verdict.SKIP, reason, true))
                .orElseGet(() -> execute(test, ring));
        return new TestResult(
                test.clauses(),
                test.name(),
                test.hostile(),
                ring,
                outcome.verdict(),
                outcome.evidence(),
                System.nanoTime() - begin);
    }

    private Optional<String> notApplicable(ConformanceTest test, RingKind ring, long offered) {
        if (!test.transports().contains(source.transport())) {
            return Optional.of("not of " + source.transport().label());
        }
        if (ring == RingKind.PACKED && (offered & Features.RING_PACKED) == 0) {
            return Optional.of("the device does not offer RING_PACKED");
        }
        return Optional.empty();
    }

    private TestRun.Outcome execute(ConformanceTest test, RingKind ring) {
        try {
            Optional<DeviceUnderTest> device = device(test.device());
            if (device.isEmpty()) {
                return new TestRun.Outcome(
                        Verdict.SKIP,
                        "this target cannot arrange a device: " + test.device().describe(),
                        true);
            }
            if ((device.get().link().offered() & test.features()) != test.features()) {
                return new TestRun.Outcome(Verdict.SKIP, "the device does not offer a feature that is tested", true);
            }
            TestRun.Outcome outcome = TestRun.of(test, new Bench(device.get(), ring));
            if (!outcome.deviceUsable()) {
                TestRun.close(devices.remove(test.device()));
            }
            return outcome;
        } catch (BenchException e) {
            return new TestRun.Outcome(Verdict.FAIL, e.getMessage(), true);
        }
    }

    private Optional<DeviceUnderTest> device(DeviceConfig config) {
        DeviceUnderTest known = devices.get(config);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<DeviceUnderTest> made = source.open(config);
        made.ifPresent(device -> devices.put(config, device));
        return made;
    }

    @Override
    public void close() {
        devices.values().forEach(TestRun::close);
        devices.clear();
    }
}
