package ringside.workloads.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.workloads.conformance.bench.DeviceConfig;
import ringside.workloads.conformance.bench.DeviceLink;
import ringside.workloads.conformance.bench.DeviceSource;
import ringside.workloads.conformance.bench.DeviceUnderTest;
import ringside.workloads.conformance.bench.Features;
import ringside.workloads.conformance.bench.RegisterLink;
import ringside.workloads.conformance.bench.RingKind;
import ringside.workloads.conformance.bench.TransportKind;
import ringside.workloads.conformance.spec.Verdict;
import ringside.workloads.conformance.target.OwnMachines;

/** The suite against devices that are wrong in one thing each: a test that cannot fail would show here. */
class WrongDeviceTest {
    @TempDir
    private Path folder;

    /** Replaces the results of some calls on the link of a right device. */
    private Map<String, Verdict> verdicts(Map<String, UnaryOperator<Object>> lies, String... clauses) {
        DeviceSource right = OwnMachines.mmio(folder);
        DeviceSource wrong = new DeviceSource() {
            @Override
            public String describe() {
                return "wrong";
            }

            @Override
            public TransportKind transport() {
                return TransportKind.MMIO;
            }

            @Override
            public Optional<DeviceUnderTest> open(DeviceConfig config) {
                return right.open(config).map(device -> lying(device, lies));
            }

            @Override
            public void close() {}
        };
        try (ConformanceSuite suite = new ConformanceSuite(wrong)) {
            return suite.run(List.of(RingKind.SPLIT), Set.of(clauses), result -> {})
                    .byClause();
        }
    }

    private static DeviceUnderTest lying(DeviceUnderTest device, Map<String, UnaryOperator<Object>> lies) {
        DeviceLink link = (DeviceLink) Proxy.newProxyInstance(
                WrongDeviceTest.class.getClassLoader(), new Class<?>[] {RegisterLink.class}, (_, method, arguments) -> {
                    try {
                        Object result = method.invoke(device.link(), arguments);
                        return lies.getOrDefault(method.getName(), UnaryOperator.identity())
                                .apply(result);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        return new DeviceUnderTest() {
            @Override
            public DeviceLink link() {
                return link;
            }

            @Override
            public Optional<Path> image() {
                return device.image();
            }

            @Override
            public boolean resize(long bytes) {
                return device.resize(bytes);
            }

            @Override
            public void close() {
                device.close();
            }
        };
    }

    @Test
    void wceWithoutFlush_isFound() {
        assertThat(verdicts(Map.of("offered", value -> (long) value & ~Features.FLUSH), "D43", "D03", "D54"))
                .containsEntry("D43", Verdict.FAIL)
                .containsEntry("D03", Verdict.FAIL)
                .containsEntry("D54", Verdict.PASS);
    }

    @Test
    void lostNotifications_areFound() {
        assertThat(verdicts(Map.of("takeNotifications", value -> 0), "D17", "D19"))
                .containsEntry("D17", Verdict.FAIL)
                .containsEntry("D19", Verdict.FAIL);
    }

    @Test
    void endlessNotifications_areFound() {
        assertThat(verdicts(Map.of("takeNotifications", value -> 1), "S05", "S06", "D01", "D06"))
                .containsEntry("S05", Verdict.DEVIATES)
                .containsEntry("S06", Verdict.DEVIATES)
                .containsEntry("D01", Verdict.FAIL)
                .containsEntry("D06", Verdict.FAIL);
    }

    @Test
    void silentBreakage_isFound() {
        assertThat(verdicts(Map.of("takeConfigNotification", value -> false), "D02", "S10"))
                .containsEntry("D02", Verdict.FAIL)
                .containsEntry("S10", Verdict.DEVIATES);
        assertThat(verdicts(Map.of("broken", value -> false), "R014")).containsEntry("R014", Verdict.DEVIATES);
    }

    @Test
    void acceptedFeatures_areFound() {
        assertThat(verdicts(Map.of("negotiate", value -> true), "D04", "R096"))
                .containsEntry("D04", Verdict.FAIL)
                .containsEntry("R096", Verdict.DEVIATES);
    }

    @Test
    void statusAfterReset_isFound() {
        assertThat(verdicts(Map.of("status", value -> (int) value | 1), "D05")).containsEntry("D05", Verdict.FAIL);
    }
}
