package ringside.workloads.conformance.chapter;

import java.util.List;
import java.util.Set;
import ringside.workloads.conformance.bench.Bench;
import ringside.workloads.conformance.bench.DeviceConfig;
import ringside.workloads.conformance.bench.RingKind;
import ringside.workloads.conformance.bench.TransportKind;

/**
 * One test.
 *
 * @param clauses ids of the statements that it is about
 * @param name what it does
 * @param hostile whether it breaks a rule, so that the device has to survive
 * @param transports where it applies
 * @param rings to which formats it applies
 * @param device the device that it needs
 * @param features that the device must offer for it
 * @param body the test
 */
public record ConformanceTest(
        List<String> clauses,
        String name,
        boolean hostile,
        Set<TransportKind> transports,
        Set<RingKind> rings,
        DeviceConfig device,
        long features,
        Body body) {
    /** The test itself. */
    @FunctionalInterface
    public interface Body {
        /**
         * Runs.
         *
         * @return the evidence: what was seen
         * @throws ringside.workloads.conformance.bench.BenchException when the device does otherwise than it must
         * @throws ringside.workloads.conformance.spec.OtherReaction when it does otherwise than it should
         * @throws ringside.workloads.conformance.spec.NotApplicable when the test has nothing to say here
         */
        String run(Bench bench);
    }

    public ConformanceTest {
        clauses = List.copyOf(clauses);
        transports = Set.copyOf(transports);
        rings = Set.copyOf(rings);
    }
}
