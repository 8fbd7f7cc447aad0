package ringside.workloads.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import ringside.workloads.job.JobFile;
import ringside.workloads.job.JobSpec;
import ringside.workloads.job.Strictness;
import ringside.workloads.unit.IoUnit;

/**
 * fio as the oracle: the same job file is given to fio (its null engine, its write_iolog) and to our generator. Where
 * fio's order is fixed the two lists must be equal; where it is random, directions, sizes and offsets must pass a
 * chi-square test of homogeneity. Both sides have fixed seeds, so that a verdict repeats.
 */
class FioPatternPeerTest {
    private static final long CAPACITY_BYTES = 64L << 20;
    private static final int REQUESTS = 20_000;
    private static final int FEW = 200;

    /** The normal quantile of alpha = 1e-4: the chance that one comparison of a right generator fails. */
    private static final double QUANTILE = 3.72;

    private static final String ZONES = "zones";
    private static final Map<String, List<String>> FIXED = new LinkedHashMap<>();
    private static final Map<String, List<String>> RANDOM = new LinkedHashMap<>();
    private static final Map<String, List<Requests.One>> FIO = new LinkedHashMap<>();

    @TempDir
    static Path folder;

    static {
        fixed("trimwrite", "rw=trimwrite");
        fixed("holes", "rw=read:12k", "bs=4k");
        fixed("backwards", "rw=read:-8k");
        fixed("strided", "rw=read", "zonemode=strided", "zonesize=8k", "zonerange=16k", "zoneskip=32k");
        fixed("repeated-zone", "rw=write", "zonemode=strided", "zonesize=64k", "zonerange=16k", "zoneskip=4k");
        fixed("percent-offset", "rw=read", "offset=10%");
        fixed("aligned-offset", "rw=read", "offset=10%", "offset_align=1m");
        FIXED.put(
                ZONES,
                withLimit(FEW * 20, "rw=randread", "zonemode=strided", "zonesize=1m", "zonerange=2m", "zoneskip=1m"));
        random("mix", "rw=randrw", "rwmixread=70", "norandommap");
        random("split", "rw=randrw", "bssplit=4k/10:8k/25:64k/65,512/30:4k/", "norandommap");
        random("split-odd", "rw=randread", "bssplit=4k/50:6k/20:32k/30", "norandommap");
        random("range", "rw=randread", "bsrange=4k-32k", "norandommap");
        random("range-odd", "rw=randread", "bsrange=3k-20k", "norandommap");
        random(
                "seq-rand",
                "rw=randrw",
                "bs=4k,16k",
                "bs_is_seq_rand=1",
                "percentage_random=60",
                "norandommap",
                "randseed=7");
        random("percentage", "rw=randrw", "percentage_random=80,20", "norandommap");
        random("blockalign", "rw=randread", "bs=16k", "ba=4k", "norandommap");
        random("runs", "rw=randread:4", "norandommap");
        random("identical", "rw=randwrite:3", "rw_sequencer=identical", "norandommap");
        random("zipf", "rw=randread", "random_distribution=zipf:1.2:0.3");
        random("zipf-flat", "rw=randread", "random_distribution=zipf:0.6:0");
        random("pareto", "rw=randwrite", "random_distribution=pareto:0.2:0.5");
        random("normal", "rw=randread", "random_distribution=normal:10:0.5");
        random("normal-narrow", "rw=randread", "random_distribution=normal");
        random("zoned", "rw=randrw", "random_distribution=zoned:60/10:30/20:8/30:2/40");
        random("zoned-abs", "rw=randread", "random_distribution=zoned_abs:60/2m:30/8m:10/16m");
    }

    static Stream<String> fixedJobs() {
        return FIXED.keySet().stream().filter(name -> !name.equals(ZONES));
    }

    static Stream<String> randomJobs() {
        return RANDOM.keySet().stream();
    }

    private static void fixed(String name, String... lines) {
        FIXED.put(name, withLimit(FEW, lines));
    }

    private static void random(String name, String... lines) {
        RANDOM.put(name, withLimit(REQUESTS, lines));
    }

    private static List<String> withLimit(int requests, String... lines) {
        List<String> all = new ArrayList<>(List.of(lines));
        all.add("number_ios=" + requests);
        all.add("io_size=100g");
        return all;
    }

    /** One fio runs all jobs, each on a file of its own that is never made. */
    @BeforeAll
    static void askFio() throws IOException, InterruptedException {
        boolean found = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(path -> Files.isExecutable(Path.of(path, "fio")));
        assumeTrue(found, "fio is not installed: the comparison with it is skipped");
        Map<String, List<String>> jobs = new LinkedHashMap<>(FIXED);
        jobs.putAll(RANDOM);
        List<String> lines = new ArrayList<>(List.of("[global]", "ioengine=null", "size=" + CAPACITY_BYTES));
        jobs.forEach((name, options) -> {
            lines.add("[" + name + "]");
            lines.addAll(options);
            lines.add("write_iolog=" + name + ".log");
        });
        Path file = Files.write(folder.resolve("jobs.fio"), lines);
        Process process = new ProcessBuilder("fio", "--output=out.txt", "--max-jobs=64", "--thread", file.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        for (String name : jobs.keySet()) {
            FIO.put(name, readLog(folder.resolve(name + ".log")));
        }
    }

    @ParameterizedTest
    @MethodSource("fixedJobs")
    void fixedOrder_isThatOfFio(String name) throws IOException {
        List<Requests.One> fio = FIO.get(name);

        assertThat(fio).hasSizeGreaterThanOrEqualTo(FEW);
        assertThat(ours(FIXED.get(name), fio.size())).isEqualTo(fio);
    }

    /** fio begins the same offsets again in each zone, so only their zones can be compared. */
    @Test
    void randomRequestsInZones_visitFiosZonesForAsLong() throws IOException {
        ToLongFunction<Requests.One> zoneOf = one -> one.offsetBytes() / (3 << 20);
        List<Requests.One> ours = ours(FIXED.get(ZONES), FEW * 20);

        assertThat(ours.stream().mapToLong(zoneOf))
                .containsExactlyElementsOf(
                        FIO.get(ZONES).stream().mapToLong(zoneOf).boxed().toList());
        assertThat(ours)
                .allSatisfy(one -> assertThat(one.offsetBytes() % (3 << 20)).isLessThan(2 << 20));
        assertThat(ours.subList(0, 256).stream().distinct()).hasSize(256);
    }

    @ParameterizedTest
    @MethodSource("randomJobs")
    void randomOrder_hasFiosDistributions(String name) throws IOException {
        List<Requests.One> fio = FIO.get(name);
        List<Requests.One> ours = ours(RANDOM.get(name), fio.size());

        assertThat(fio).hasSize(REQUESTS);
        assertHomogeneous("directions", fio, ours, one -> one.op().ordinal());
        assertHomogeneous("sizes", fio, ours, one -> one.op().ordinal() * (1L << 32) + one.lengthBytes());
        assertHomogeneous(
                "places",
                starts(fio),
                starts(ours),
                one -> one.op().ordinal() * 100L + one.offsetBytes() * 50 / CAPACITY_BYTES);
        assertHomogeneous("blocks", starts(fio), starts(ours), one -> one.offsetBytes() / 4096);
        assertHomogeneous("steps", steps(fio), steps(ours), Requests.One::offsetBytes);
    }

    /** Those that do not follow the last one of their direction, nor repeat it: the others are not independent. */
    private static List<Requests.One> starts(List<Requests.One> requests) {
        Map<IoUnit.Op, Requests.One> last = new EnumMap<>(IoUnit.Op.class);
        List<Requests.One> result = new ArrayList<>();
        for (Requests.One one : requests) {
            Requests.One before = last.put(one.op(), one);
            boolean goesOn = before != null
                    && (one.offsetBytes() == before.offsetBytes()
                            || one.offsetBytes() == before.offsetBytes() + before.lengthBytes());
            if (!goesOn) {
                result.add(one);
            }
        }
        return result;
    }

    /** Whether a request repeats the one before, follows it, or lies before or behind it. */
    private static List<Requests.One> steps(List<Requests.One> requests) {
        List<Requests.One> result = new ArrayList<>();
        for (int i = 1; i < requests.size(); i++) {
            Requests.One last = requests.get(i - 1);
            long step = requests.get(i).offsetBytes() - last.offsetBytes();
            long kind = step == last.lengthBytes() ? 2 : Long.signum(step);
            result.add(new Requests.One(last.op(), kind, 0));
        }
        return result;
    }

    /**
     * Pearson's chi-square of two samples; classes with fewer than ten in both together form one. The bound
     * is Wilson's and Hilferty's.
     */
    private static void assertHomogeneous(
            String what, List<Requests.One> fio, List<Requests.One> ours, ToLongFunction<Requests.One> classOf) {
        List<long[]> classes = classes(fio, ours, classOf);
        double chiSquare = 0;
        double scale = Math.sqrt((double) ours.size() / fio.size());
        for (long[] pair : classes) {
            double difference = pair[0] * scale - pair[1] / scale;
            chiSquare += difference * difference / (pair[0] + pair[1]);
        }
        int freedom = Math.max(1, classes.size() - 1);
        double ninth = 2.0 / (9 * freedom);
        double bound = freedom * Math.pow(1 - ninth + QUANTILE * Math.sqrt(ninth), 3);
        List<String> first =
                classes.stream().limit(12).map(pair -> pair[0] + ":" + pair[1]).toList();
        assertThat(chiSquare)
                .as("chi-square of %s in %d classes, fio:ours %s", what, classes.size(), first)
                .isLessThanOrEqualTo(bound);
    }

    private static List<long[]> classes(
            List<Requests.One> fio, List<Requests.One> ours, ToLongFunction<Requests.One> classOf) {
        Map<Long, long[]> counts = new LinkedHashMap<>();
        fio.forEach(one -> counts.computeIfAbsent(classOf.applyAsLong(one), _ -> new long[2])[0]++);
        ours.forEach(one -> counts.computeIfAbsent(classOf.applyAsLong(one), _ -> new long[2])[1]++);
        List<long[]> classes = new ArrayList<>();
        long[] rare = new long[2];
        for (long[] pair : counts.values()) {
            if (pair[0] + pair[1] >= 10) {
                classes.add(pair);
            } else {
                rare[0] += pair[0];
                rare[1] += pair[1];
            }
        }
        if (rare[0] + rare[1] > 0) {
            classes.add(rare);
        }
        return classes;
    }

    private static List<Requests.One> ours(List<String> options, int count) throws IOException {
        List<String> lines = new ArrayList<>(List.of("[ours]"));
        lines.addAll(options);
        Path file = Files.write(folder.resolve("ours.fio"), lines);
        JobSpec job = JobFile.parse(file, Strictness.STRICT).jobs().getFirst();
        return Requests.of(job, CAPACITY_BYTES, count);
    }

    private static List<Requests.One> readLog(Path log) throws IOException {
        return Files.readAllLines(log).stream()
                .map(line -> line.split(" "))
                .filter(words -> words.length == 5)
                .map(words -> new Requests.One(
                        IoUnit.Op.valueOf(words[2].toUpperCase(Locale.ROOT)),
                        Long.parseLong(words[3]),
                        Integer.parseInt(words[4])))
                .toList();
    }
}
