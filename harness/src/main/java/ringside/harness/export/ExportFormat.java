package ringside.harness.export;

import java.io.PrintWriter;
import java.util.List;
import ringside.harness.HarnessException;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;

/** The forms. */
public enum ExportFormat {
    /** fio's {@code --output-format=json}; a document per run. */
    FIO_JSON("fio-json", "json", true) {
        @Override
        void write(RunFolder folder, List<RunResult> runs, PrintWriter out) {
            out.print(FioJson.text(one(runs), false));
        }
    },
    /** fio's {@code json+}, with the bins of the latency histograms; a document per run. */
    FIO_JSON_PLUS("fio-json+", "json", true) {
        @Override
        void write(RunFolder folder, List<RunResult> runs, PrintWriter out) {
            out.print(FioJson.text(one(runs), true));
        }
    },
    /** JMH's {@code -rf json}: a benchmark per cell, a fork per run. */
    JMH("jmh", "json", false) {
        @Override
        void write(RunFolder folder, List<RunResult> runs, PrintWriter out) {
            out.print(JmhJson.text(folder, runs));
        }
    },
    /** HdrHistogram's interval log, a tagged line per run and histogram. */
    HDR("hdr", "hlog", false) {
        @Override
        void write(RunFolder folder, List<RunResult> runs, PrintWriter out) {
            HdrLog.write(runs, out);
        }
    },
    /** A line per run: axes, state, metrics. */
    CSV("csv", "csv", false) {
        @Override
        void write(RunFolder folder, List<RunResult> runs, PrintWriter out) {
            CsvTable.write(runs, out);
        }
    },
    /** JUnit's XML: a test case per run, a failure where it does not count. */
    JUNIT("junit", "xml", false) {
        @Override
        void write(RunFolder folder, List<RunResult> runs, PrintWriter out) {
            JunitXml.write(folder, runs, out);
        }
    },
    /** OpenMetrics' text, for a Prometheus that scrapes files or a push gateway. */
    OPENMETRICS("openmetrics", "txt", false) {
        @Override
        void write(RunFolder folder, List<RunResult> runs, PrintWriter out) {
            OpenMetrics.write(folder, runs, out);
        }
    };

    private final String label;
    private final String suffix;
    private final boolean perRun;

    ExportFormat(String label, String suffix, boolean perRun) {
        this.label = label;
        this.suffix = suffix;
        this.perRun = perRun;
    }

    /** The name used on the command line. */
    public String label() {
        return label;
    }

    /** Suffix of its files, without a dot. */
    public String suffix() {
        return suffix;
    }

    /** Whether each run is a document of its own. */
    public boolean perRun() {
        return perRun;
    }

    /** Writes runs of a folder; where a run is a document of its own, exactly one. */
    abstract void write(RunFolder folder, List<RunResult> runs, PrintWriter out);

    private static RunResult one(List<RunResult> runs) {
        if (runs.size() != 1) {
            throw new IllegalArgumentException(runs.size() + " runs in one document");
        }
        return runs.getFirst();
    }

    /**
     * The format of this name.
     *
     * @throws HarnessException naming the known ones
     */
    public static ExportFormat of(String name) {
        for (ExportFormat format : values()) {
            if (format.label.equals(name)) {
                return format;
            }
        }
        throw HarnessException.badInput(
                "--format " + name + ": use fio-json, fio-json+, jmh, hdr, csv, junit or openmetrics");
    }

    @Override
    public String toString() {
        return label;
    }
}
