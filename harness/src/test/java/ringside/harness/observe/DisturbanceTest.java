package ringside.harness.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import ringside.harness.results.Metric;
import ringside.harness.results.Metric.Better;

class DisturbanceTest {
    private static final int CPUS = 4;

    private final Map<String, Metric> metrics = new HashMap<>();

    @Test
    void ownLoadThatWaitsForItself_isNotDisturbed() {
        put("psi_cpu", 0.9);
        put("host_other_cpus", 0.1);
        put("host_stolen_cpus", 0.05);

        assertThat(Disturbance.of(metrics, CPUS)).isEmpty();
    }

    @Test
    void neighbourOnIdleCpus_doesNotDisturb() {
        put("psi_cpu", 0.02);
        put("host_other_cpus", 1.5);

        assertThat(Disturbance.of(metrics, CPUS)).isEmpty();
    }

    @Test
    void neighbourWhileTasksWait_disturbsAndIsNamedWithItsLimit() {
        put("psi_cpu", 0.4);
        put("host_other_cpus", 1);

        assertThat(Disturbance.of(metrics, CPUS))
                .contains("other processes used 25 % of the CPU time (limit 5 %) while tasks waited for a CPU 40 % of"
                        + " the time");
    }

    @Test
    void neighbourWithoutPressureCounters_disturbsWhenMoreTasksRunThanCpus() {
        put("host_other_cpus", 1);
        put("host_runnable", 3);
        assertThat(Disturbance.of(metrics, CPUS)).isEmpty();

        put("host_runnable", 5);
        assertThat(Disturbance.of(metrics, CPUS)).isPresent();
    }

    @Test
    void stealAndMemory_disturbByThemselves() {
        put("host_stolen_cpus", 0.12);
        put("psi_memory", 0.2);

        assertThat(Disturbance.of(metrics, CPUS).orElseThrow())
                .contains("hypervisor took 3 %")
                .contains("waited for memory 20 %");
    }

    @Test
    void hostThatTellsNothing_disturbsNothing() {
        assertThat(Disturbance.of(metrics, CPUS)).isEmpty();
    }

    private void put(String name, double value) {
        metrics.put(name, new Metric(value, "1", Better.LOWER));
    }
}
