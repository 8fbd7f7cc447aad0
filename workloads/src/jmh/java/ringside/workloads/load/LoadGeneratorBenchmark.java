package ringside.workloads.load;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import ringside.workloads.job.JobRegion;
import ringside.workloads.job.JobSpec;
import ringside.workloads.job.ReadWrite;
import ringside.workloads.target.IoTarget;
import ringside.workloads.target.NullTargets;

/**
 * What the load generator itself costs per 4 KiB request: offsets, stamps, clock readings and three histograms, against a
 * target that completes at once. This share of a measured CPU time is ours, not the device's.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3)
@State(Scope.Thread)
public class LoadGeneratorBenchmark {
    private static final int DEPTH = 32;
    private static final long CAPACITY_BYTES = 1L << 30;

    @Param({"read", "randread", "randrw", "randwrite"})
    public String rw;

    private NullTargets targets;
    private QueueDriver driver;

    @Setup
    public void open() {
        targets = new NullTargets(1, 1, CAPACITY_BYTES, DEPTH);
        IoTarget target = targets.open(0, 0, 0);
        JobSpec job = JobSpec.defaults("bench")
                .withRw(ReadWrite.of(rw))
                .withIodepth(DEPTH)
                .withRuntimeNs(Long.MAX_VALUE);
        Lane lane = new Lane(new LaneSetup(
                job,
                JobRegion.WHOLE_DISK.resolve(job.name(), CAPACITY_BYTES, job.bs()),
                new LanePlace(0, 0, 0, 0),
                job.randseed(),
                target.allocateUnits(DEPTH, Lane.bufferBytes(job)),
                new LaneRules(false, false, Long.MAX_VALUE)));
        driver = new QueueDriver(target, List.of(lane), new LoadMeter(1_000_000_000L, 1));
        driver.beginMeasure(System.nanoTime());
        driver.step();
    }

    @TearDown
    public void close() {
        targets.close();
    }

    /** One turn: 32 completions, 32 new requests, one commit. */
    @Benchmark
    @OperationsPerInvocation(DEPTH)
    public int turn() {
        return driver.step();
    }
}
