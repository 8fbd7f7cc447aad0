package ringside.harness.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import ringside.harness.peer.FioOutput;
import ringside.harness.results.HistogramData;
import ringside.harness.results.JobResult;
import ringside.harness.results.JobResult.DirectionResult;
import ringside.harness.results.Metric;
import ringside.harness.results.PlannedRun;
import ringside.harness.results.Provenance;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;
import ringside.harness.results.Series;
import ringside.harness.results.Steadiness;
import ringside.workloads.latency.FioBuckets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ExportTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path temp;

    private static HistogramData data(Histogram histogram) {
        ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        byte[] bytes = new byte[histogram.encodeIntoCompressedByteBuffer(buffer)];
        buffer.flip().get(bytes);
        return new HistogramData(
                "ns",
                histogram.getTotalCount(),
                histogram.getMinValue(),
                histogram.getMaxValue(),
                histogram.getMean(),
                histogram.getStdDeviation(),
                Map.of(),
                Base64.getEncoder().encodeToString(bytes));
    }

    private static Histogram latencies(int count, long seed) {
        Histogram histogram = new Histogram(1, 60_000_000_000L, 3);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < count; i++) {
            histogram.recordValue((long) (2_000 * Math.exp(random.nextGaussian())));
        }
        return histogram;
    }

    private static DirectionResult direction(int ios, long seed) {
        HistogramData latency = data(latencies(ios, seed));
        return new DirectionResult(ios, ios * 4096L, 0, latency, latency, latency);
    }

    private static RunResult run(int order, String cell, RunStatus status, double iops) {
        Map<String, DirectionResult> directions = new LinkedHashMap<>();
        directions.put("read", direction(7_000, order + 1));
        directions.put("write", direction(3_000, order + 2));
        JobResult job = new JobResult(
                "mixed",
                Map.of(
                        "rw",
                        "randrw",
                        "bs",
                        "4096",
                        "iodepth",
                        "8",
                        "runtime",
                        "2000000000ns",
                        "ramp_time",
                        "1500000ns"),
                2,
                1_000_000_000L,
                directions);
        return new RunResult(
                RunResult.SCHEMA_VERSION,
                "test",
                cell,
                order,
                order,
                7,
                status,
                status == RunStatus.OK ? "" : "a \"reason\", with <signs>",
                Map.of("disks", "2"),
                Map.of("vcpus", "2"),
                Map.of(
                        "iops", new Metric(iops, "1/s", Metric.Better.HIGHER),
                        "lat_p99", new Metric(12_345, "ns", Metric.Better.LOWER),
                        "cpu_seconds", new Metric(0.5, "s", Metric.Better.LOWER),
                        "runtime", new Metric(1e9, "ns", Metric.Better.NEITHER)),
                Map.of("lat", data(latencies(10_000, 3))),
                List.of(new Series("iops", "1/s", 100_000_000L, List.of(9_000.0, 11_000.0))),
                Map.of(),
                List.of(),
                List.of(job),
                Steadiness.UNKNOWN,
                List.of(),
                "ringside run test",
                new Provenance(
                        Map.of("kernel", "6"),
                        Map.of("version", "25"),
                        "abc",
                        "0.1",
                        List.of("-Xmx1g"),
                        "2026-11-23T10:00:00Z"));
    }

    private static RunFolder folder(RunResult... runs) {
        return new RunFolder(Path.of("results"), "test", "", "A test", runs.length, List.of(runs));
    }

    private static String text(RunFolder folder, ExportFormat format) {
        StringWriter text = new StringWriter();
        new Export(folder, "", format).write(new PrintWriter(text));
        return text.toString();
    }

    @Test
    void fioJsonPlus_isReadBackWithAllRequests() {
        RunResult run = run(0, "x", RunStatus.OK, 10_000);

        FioOutput output = FioOutput.parse(text(folder(run), ExportFormat.FIO_JSON_PLUS));

        assertThat(output.ios()).isEqualTo(10_000);
        assertThat(output.bytes()).isEqualTo(10_000 * 4096L);
        assertThat(output.errors()).isZero();
        assertThat(output.runtimeNs()).isEqualTo(1_000_000_000L);
        Histogram clat = output.latency("clat");
        assertThat(clat.getTotalCount()).isEqualTo(10_000);
        Histogram exact = latencies(7_000, 1);
        exact.add(latencies(3_000, 2));
        for (double percentile : new double[] {1, 50, 90, 99, 99.9}) {
            double expected = exact.getValueAtPercentile(percentile);
            assertThat((double) clat.getValueAtPercentile(percentile)).isCloseTo(expected, within(0.02 * expected));
        }
    }

    @Test
    void wrongBlocks_areInFiosError() {
        RunResult run = run(0, "x", RunStatus.OK, 10_000);
        assertThat(text(folder(run), ExportFormat.FIO_JSON)).containsPattern("\"error\" ?: ?0,");
        JobResult job = run.jobs().getFirst();
        JobResult wrong = new JobResult(
                job.name(), job.options(), job.clones(), job.elapsedNs(), job.directions(), 3, 84, List.of());

        assertThat(text(folder(with(run, wrong)), ExportFormat.FIO_JSON)).containsPattern("\"error\" ?: ?84,");
        assertThat(wrong.errors()).isEqualTo(3);
    }

    private static RunResult with(RunResult run, JobResult job) {
        return new RunResult(
                run.schemaVersion(),
                run.suite(),
                run.cell(),
                run.repetition(),
                run.order(),
                run.seed(),
                run.status(),
                run.reason(),
                run.axes(),
                run.options(),
                run.metrics(),
                run.histograms(),
                run.series(),
                run.threadCpuNs(),
                run.checks(),
                List.of(job),
                run.steadiness(),
                run.events(),
                run.command(),
                run.provenance());
    }

    /** Every key that fio writes is there, and no other, so that a tool that knows fio finds what it looks for. */
    @Test
    void fioJson_hasTheKeysOfFio() throws Exception {
        assumeThat(Path.of("/usr/bin/fio")).as("fio is installed").exists();
        Path theirs = temp.resolve("fio.json");
        assertThat(new ProcessBuilder(
                                "fio",
                                "--ioengine=null",
                                "--size=1m",
                                "--name=a",
                                "--rw=randrw",
                                "--output-format=json",
                                "--output=" + theirs)
                        .start()
                        .waitFor())
                .isZero();

        TreeSet<String> expected = keys(JSON.readTree(Files.readString(theirs)));
        TreeSet<String> ours =
                keys(JSON.readTree(text(folder(run(0, "x", RunStatus.OK, 10_000)), ExportFormat.FIO_JSON)));

        expected.removeIf(key -> key.startsWith("disk_util"));
        assertThat(ours).containsExactlyElementsOf(expected);
    }

    private static TreeSet<String> keys(JsonNode root) {
        TreeSet<String> keys = new TreeSet<>();
        collect("", root, keys);
        return keys;
    }

    private static void collect(String path, JsonNode node, TreeSet<String> keys) {
        if (path.endsWith("options")) {
            return;
        }
        if (node.isArray()) {
            collect(path, node.get(0), keys);
        }
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            String key = path + "/" + entry.getKey();
            keys.add(key);
            collect(key, entry.getValue(), keys);
        }
    }

    @Test
    void fiosOwnTool_readsOurBins() throws Exception {
        assumeThat(Path.of("/usr/bin/fio_jsonplus_clat2csv"))
                .as("fio's tools are installed")
                .exists();
        Path json = temp.resolve("x.json");
        Files.writeString(json, text(folder(run(0, "x", RunStatus.OK, 10_000)), ExportFormat.FIO_JSON_PLUS));

        Process process = new ProcessBuilder(
                        "fio_jsonplus_clat2csv",
                        json.toString(),
                        temp.resolve("x.csv").toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isZero();
        List<String> lines = Files.readAllLines(temp.resolve("x_job0.csv"));
        List<String> header = List.of(lines.getFirst().split(", *"));
        int column = header.indexOf("read_clat_ns_count");
        long requests = 0;
        for (String line : lines.subList(1, lines.size())) {
            String cell = line.split(", ?", -1)[column].strip();
            requests += cell.isEmpty() ? 0 : Long.parseLong(cell);
        }
        assertThat(requests).isEqualTo(7_000);
    }

    @Test
    void buckets_areAtMostOnePointSixPerCentWide() {
        for (long ns = 0; ns < 1_000_000_000L; ns = ns * 33 / 32 + 1) {
            long named = FioBuckets.value(FioBuckets.index(ns));
            assertThat(Math.abs(named - ns)).isLessThanOrEqualTo(ns / 128 + (ns < 128 ? 0 : 1));
            assertThat(FioBuckets.index(named)).isEqualTo(FioBuckets.index(ns));
        }
    }

    @Test
    void jobOptions_areInFiosUnits() {
        JsonNode options = JSON.readTree(text(folder(run(0, "x", RunStatus.OK, 10_000)), ExportFormat.FIO_JSON))
                .at("/jobs/0/job options");

        assertThat(options.path("runtime").asString()).isEqualTo("2");
        assertThat(options.path("ramp_time").asString()).isEqualTo("1500us");
        assertThat(options.path("name").asString()).isEqualTo("mixed");
    }

    @Test
    void severalRuns_becomeAFilePerRun() {
        RunFolder folder = folder(run(0, "x", RunStatus.OK, 1), run(1, "y", RunStatus.OK, 2));

        assertThatThrownBy(() -> text(folder, ExportFormat.FIO_JSON)).hasMessageContaining("name a folder with --out");
        assertThat(new Export(folder, "", ExportFormat.FIO_JSON).write(temp.resolve("out")))
                .extracting(file -> file.getFileName().toString())
                .containsExactly("0000-x-r0.json", "0001-y-r1.json");
        assertThatThrownBy(() -> new Export(folder, "z", ExportFormat.CSV)).hasMessageContaining("no finished run");
    }

    @Test
    void jmh_hasABenchmarkPerCellAndAForkPerValidRun() {
        RunFolder folder = folder(
                run(0, "x", RunStatus.OK, 100),
                run(1, "x", RunStatus.OK, 110),
                run(2, "x", RunStatus.OK, 120),
                run(3, "x", RunStatus.INVALID, 5));

        JsonNode root = JSON.readTree(text(folder, ExportFormat.JMH));

        assertThat(root.size()).isEqualTo(1);
        JsonNode benchmark = root.get(0);
        assertThat(benchmark.path("forks").asInt()).isEqualTo(3);
        assertThat(benchmark.path("threads").asInt()).isEqualTo(2);
        assertThat(benchmark.at("/primaryMetric/score").asDouble()).isCloseTo(110, within(1e-9));
        // t(2, 0.9995) = 31.599 x 10 / sqrt(3)
        assertThat(benchmark.at("/primaryMetric/scoreError").asDouble()).isCloseTo(182.4, within(0.1));
        assertThat(benchmark.at("/secondaryMetrics/lat_p99/scoreUnit").asString())
                .isEqualTo("ns");
    }

    @Test
    void hdrLog_isReadBack() {
        String log = text(folder(run(0, "x", RunStatus.OK, 1), run(1, "y", RunStatus.OK, 2)), ExportFormat.HDR);

        HistogramLogReader reader =
                new HistogramLogReader(new ByteArrayInputStream(log.getBytes(StandardCharsets.US_ASCII)));
        List<String> tags = new ArrayList<>();
        long count = 0;
        for (EncodableHistogram next = reader.nextIntervalHistogram();
                next != null;
                next = reader.nextIntervalHistogram()) {
            tags.add(next.getTag());
            count += ((Histogram) next).getTotalCount();
        }
        assertThat(tags).containsExactly("x/r0/lat", "y/r1/lat");
        assertThat(count).isEqualTo(20_000);
    }

    @Test
    void csv_quotesWhatNeedsIt() {
        String csv = text(folder(run(0, "x", RunStatus.INVALID, 10_000.5)), ExportFormat.CSV);

        assertThat(csv.split("\r\n"))
                .containsExactly(
                        "suite,cell,repetition,order,status,reason,axis.disks,cpu_seconds [s],iops [1/s],lat_p99 [ns],runtime"
                                + " [ns]",
                        "test,x,0,0," + RunStatus.INVALID.label()
                                + ",\"a \"\"reason\"\", with <signs>\",2,0.5,10000.5,12345,1000000000");
    }

    @Test
    void junit_countsWhatDoesNotCount() throws Exception {
        String xml = text(
                folder(
                        run(0, "x", RunStatus.OK, 1),
                        run(1, "x", RunStatus.FAILED, 1),
                        run(2, "x", RunStatus.TARGET_MISSED, 1)),
                ExportFormat.JUNIT);

        Element suite = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)))
                .getDocumentElement();
        assertThat(suite.getAttribute("tests")).isEqualTo("3");
        assertThat(suite.getAttribute("errors")).isEqualTo("1");
        assertThat(suite.getAttribute("failures")).isEqualTo("1");
        assertThat(suite.getElementsByTagName("testcase").getLength()).isEqualTo(3);
    }

    @Test
    void openMetrics_areInBaseUnits() {
        String[] lines = text(folder(run(0, "x", RunStatus.OK, 10_000)), ExportFormat.OPENMETRICS)
                .split("\n");

        assertThat(lines)
                .contains(
                        "# TYPE ringside_lat_p99_seconds gauge",
                        "# UNIT ringside_lat_p99_seconds seconds",
                        "ringside_lat_p99_seconds{suite=\"test\",cell=\"x\",repetition=\"0\",status=\""
                                + RunStatus.OK.label() + "\",disks=\"2\"} 1.2345E-5");
        assertThat(lines[lines.length - 1]).isEqualTo("# EOF");
    }

    @Test
    void runWithoutJobs_saysWhatElseToUse() {
        RunResult old = ringside.harness.results.Results.ok(new PlannedRun(0, "x", 0, 1, Map.of()), 5);

        assertThatThrownBy(() -> text(folder(old), ExportFormat.FIO_JSON)).hasMessageContaining("csv, hdr or jmh");
        assertThat(text(folder(old), ExportFormat.CSV)).contains("x,0,0");
    }
}
