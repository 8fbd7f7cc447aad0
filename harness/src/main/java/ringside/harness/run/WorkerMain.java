package ringside.harness.run;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import ringside.harness.HarnessException;
import ringside.harness.results.AtomicFiles;
import ringside.harness.results.Provenance;
import ringside.harness.results.ResultJson;
import ringside.harness.results.RunResult;
import ringside.workloads.latency.HistogramLog;
import ringside.workloads.runner.RunProgress;

/**
 * The measured JVM: {@code WorkerMain SPEC.json RESULT.json}. Writes progress to standard output, one line each, and the
 * result to its file. Exit code 0 when the file is written, whatever it says; 1 when there is none.
 */
public final class WorkerMain {
    /** First word of a progress line. */
    static final String PROGRESS = "progress";

    /** First word of a line that says what goes on beside the load. */
    static final String OBSERVED = "observed";

    private static final long CLOSE_LIMIT_MS = 10_000;

    private WorkerMain() {}

    /** Entry point. */
    public static void main(String[] arguments) {
        PrintStream progress = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
        System.setOut(System.err); // nothing else may write between the progress lines
        ParentDeathWatch.start(System.in);
        int code;
        try {
            run(Path.of(arguments[0]), Path.of(arguments[1]), progress);
            code = 0;
        } catch (IOException | RuntimeException e) {
            e.printStackTrace(); // goes to the run's log, whose end the parent quotes
            code = 1;
        }
        System.exit(code);
    }

    private static void run(Path specFile, Path resultFile, PrintStream progress) throws IOException {
        RunSpec spec = ResultJson.read(Files.readString(specFile), RunSpec.class, specFile);
        Provenance provenance =
                ResultBuilder.provenance(spec, OffsetDateTime.now().toString());
        Consumer<RuntimeException> failing = e -> {
            AtomicFiles.write(resultFile, ResultJson.write(ResultBuilder.failed(spec, reason(e), provenance)));
            haltLater();
        };
        AtomicFiles.write(resultFile, ResultJson.write(measure(spec, provenance, progress, failing)));
    }

    /** What the machine or the load refuses is a failed run with its reason; all else is a crash of the worker. */
    private static RunResult measure(
            RunSpec spec, Provenance provenance, PrintStream progress, Consumer<RuntimeException> failing)
            throws IOException {
        long startMs = System.currentTimeMillis();
        Measured measured;
        try {
            measured = WorkerRun.run(
                    spec, now -> report(now, progress), seen -> progress.println(OBSERVED + " " + seen), failing);
        } catch (RuntimeException e) {
            e.printStackTrace();
            return ResultBuilder.failed(spec, reason(e), provenance);
        }
        writeHistograms(Path.of(spec.histogramFile()), startMs, measured.histograms());
        return ResultBuilder.completed(spec, measured, provenance);
    }

    /** Requests that never came back can keep a machine from closing; the reason is written, so nothing is lost. */
    private static void haltLater() {
        Thread.ofPlatform().daemon().name("halt").start(() -> {
            try {
                Thread.sleep(CLOSE_LIMIT_MS);
                Runtime.getRuntime().halt(0);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static String reason(RuntimeException e) {
        String message = HarnessException.oneLine(e.getMessage());
        boolean expected = e.getClass().getName().startsWith("ringside.") || e instanceof IllegalArgumentException;
        return expected ? message : e.getClass().getSimpleName() + ": " + message;
    }

    private static void report(RunProgress now, PrintStream progress) {
        progress.println(
                PROGRESS + " " + now.phase() + " " + now.elapsedNs() + " " + now.plannedNs() + " " + now.ios());
    }

    private static void writeHistograms(Path file, long startMs, Map<String, Histogram> histograms) throws IOException {
        Files.createDirectories(file.getParent());
        Map<String, Histogram> filled = new LinkedHashMap<>(histograms);
        filled.values().removeIf(histogram -> histogram.getTotalCount() == 0);
        HistogramLog.write(file, startMs, System.currentTimeMillis(), filled);
    }
}
