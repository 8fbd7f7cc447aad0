package ringside.workloads.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import ringside.workloads.job.DirectionRates;
import ringside.workloads.job.JobPacing;
import ringside.workloads.job.JobSpec;
import ringside.workloads.job.RateProcess;
import ringside.workloads.job.ReadWrite;
import ringside.workloads.unit.IoUnit.Op;

class PacerTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private static Pacer pacer(DirectionRates bytes, DirectionRates iops, RateProcess process, boolean openLoop) {
        JobSpec job = JobSpec.defaults("x")
                .withRw(ReadWrite.RANDRW)
                .withPacing(new JobPacing(bytes, iops, process, openLoop));
        Pacer pacer = new Pacer(job, 7);
        pacer.begin(5);
        return pacer;
    }

    @Test
    void linear_keepsTheRateWithoutDrift() {
        Pacer pacer = pacer(DirectionRates.NONE, new DirectionRates(3, 3, 3), RateProcess.LINEAR, false);

        assertThat(pacer.take(Op.READ, 4096)).isEqualTo(5);
        assertThat(pacer.take(Op.READ, 4096)).isEqualTo(5 + SECOND_NS / 3);
        for (int i = 2; i < 30_000; i++) {
            pacer.take(Op.READ, 4096);
        }
        assertThat(pacer.take(Op.READ, 4096)).isCloseTo(10_000 * SECOND_NS, within(1_000L));
    }

    @Test
    void directionsOfAClosedLoop_haveTheirOwnSchedules() {
        Pacer pacer = pacer(DirectionRates.NONE, new DirectionRates(1000, 0, 0), RateProcess.LINEAR, false);

        pacer.take(Op.READ, 512);
        for (int i = 0; i < 10; i++) {
            assertThat(pacer.take(Op.WRITE, 512)).as("no rate: always due").isEqualTo(5);
        }
        assertThat(pacer.take(Op.READ, 512)).isEqualTo(5 + SECOND_NS / 1000);
    }

    @Test
    void openLoop_hasOneScheduleOfTheSummedRate() {
        Pacer pacer = pacer(DirectionRates.NONE, new DirectionRates(600, 400, 9999), RateProcess.LINEAR, true);

        assertThat(pacer.take(Op.READ, 512)).isEqualTo(5);
        assertThat(pacer.take(Op.WRITE, 512)).isEqualTo(5 + SECOND_NS / 1000);
        assertThat(pacer.skipUntil(Op.READ, 512, 5 + SECOND_NS - 1)).isEqualTo(998);
        assertThat(pacer.take(Op.READ, 512)).isEqualTo(5 + SECOND_NS);
    }

    @Test
    void bytesPerSecond_countTheLengthOfEachRequest() {
        Pacer pacer = pacer(new DirectionRates(1 << 20, 1 << 20, 0), DirectionRates.NONE, RateProcess.LINEAR, false);

        pacer.take(Op.READ, 1 << 19);
        assertThat(pacer.take(Op.READ, 1 << 18)).isEqualTo(5 + SECOND_NS / 2);
        assertThat(pacer.take(Op.READ, 1 << 18)).isEqualTo(5 + SECOND_NS * 3 / 4);
    }

    /** Of an exponential distribution mean and standard deviation are equal, and a share of exp(-1) exceeds the mean. */
    @Test
    void poisson_hasExponentialDistances() {
        Pacer pacer = pacer(DirectionRates.NONE, new DirectionRates(10_000, 0, 0), RateProcess.POISSON, false);
        int count = 200_000;
        double sum = 0;
        double squares = 0;
        int longer = 0;
        long last = 5;
        for (int i = 0; i < count; i++) {
            long due = pacer.take(Op.READ, 4096);
            double distance = due - last;
            last = due;
            sum += distance;
            squares += distance * distance;
            longer += distance > 100_000 ? 1 : 0;
        }
        double mean = sum / count;
        assertThat(mean).isCloseTo(100_000, within(1_000.0));
        assertThat(Math.sqrt(squares / count - mean * mean)).isCloseTo(100_000, within(1_500.0));
        assertThat((double) longer / count).isCloseTo(Math.exp(-1), within(0.005));
    }
}
