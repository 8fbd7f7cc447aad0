package ringside.workloads.load;

import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import ringside.workloads.job.JobFile;
import ringside.workloads.job.JobSpec;
import ringside.workloads.unit.IoUnit;

/** What the choice of the next request costs, by the options of its job; for writes with the bytes that they carry. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2)
@State(Scope.Thread)
public class RequestSourceBenchmark {
    private static final long CAPACITY_BYTES = 64L << 30;

    /** Options of the job, separated by blanks. */
    @Param({
        "rw=read",
        "rw=randread",
        "rw=randread norandommap=1",
        "rw=randread bssplit=4k/60:64k/40 norandommap=1",
        "rw=randread bssplit=4k/60:64k/40",
        "rw=randrw percentage_random=50",
        "rw=randread random_distribution=zipf:1.2",
        "rw=randread random_distribution=normal:20",
        "rw=randread random_distribution=zoned:60/10:40/90",
        "rw=randwrite",
        "rw=randwrite refill_buffers=1",
        "rw=randwrite buffer_compress_percentage=50"
    })
    public String options;

    private Arena arena;
    private IoUnit unit;
    private RequestSource source;

    @Setup
    public void open() {
        Map<String, String> given = new HashMap<>();
        for (String option : options.split(" ")) {
            given.put(option.substring(0, option.indexOf('=')), option.substring(option.indexOf('=') + 1));
        }
        JobSpec job = JobFile.ofOptions("bench", given);
        arena = Arena.ofConfined();
        unit = new IoUnit(0, arena.allocate(job.bufferBytes(), 4096), 0);
        source = new RequestSource(job, job.region().resolve(job.name(), CAPACITY_BYTES, job.bs()), 1);
        source.fill(new IoUnit[] {unit});
    }

    @TearDown
    public void close() {
        arena.close();
    }

    /** One request. */
    @Benchmark
    public long next() {
        source.next(unit);
        return unit.offsetBytes;
    }
}
