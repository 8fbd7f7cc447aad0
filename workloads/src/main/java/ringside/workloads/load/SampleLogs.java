package ringside.workloads.load;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import ringside.workloads.job.JobLogs;
import ringside.workloads.job.JobLogs.Kind;
import ringside.workloads.unit.IoUnit;

/**
 * The logs of a lane as fio writes them: a line per request or per window of time, and histograms. Confined to the lane's
 * thread until it is closed; adding does not allocate.
 *
 * <p>Lines (fio: "Log File Formats"): time in ms, value, direction, length, offset where it is asked for, priority 0. Windows
 * in which nothing completed have no line, as in fio.
 */
final class SampleLogs implements AutoCloseable {
    private static final int MAX_LINE_BYTES = 160;
    private static final long NS_PER_MS = 1_000_000;

    private final JobLogs rules;
    private final Map<Kind, LineLog> logs = new EnumMap<>(Kind.class);
    private final LineLog bw;
    private final LineLog iops;
    private final LineLog slat;
    private final LineLog clat;
    private final LineLog lat;
    private final HistogramLines histograms;
    private final Window[] windows;
    private final long windowNs;
    private long originNs;
    private long epochMs;
    private long windowStartNs;

    /** What one direction did in the current window. */
    private static final class Window {
        long ios;
        long bytes;
        long slatNs;
        long clatNs;
        long latNs;
    }

    /**
     * Opens the files.
     *
     * @param files by kind
     * @throws IllegalArgumentException one line, when a file cannot be written
     */
    SampleLogs(JobLogs rules, Map<Kind, Path> files) {
        this.rules = rules;
        this.windowNs = rules.averageMs() * NS_PER_MS;
        try {
            files.forEach((kind, file) -> logs.put(kind, new LineLog(optionOf(kind), file, !rules.perClone())));
        } catch (IllegalArgumentException e) {
            close();
            throw e;
        }
        this.bw = logs.get(Kind.BW);
        this.iops = logs.get(Kind.IOPS);
        this.slat = logs.get(Kind.SLAT);
        this.clat = logs.get(Kind.CLAT);
        this.lat = logs.get(Kind.LAT);
        this.histograms = logs.containsKey(Kind.CLAT_HIST) ? new HistogramLines(logs.get(Kind.CLAT_HIST), rules) : null;
        List<Window> all = new ArrayList<>();
        for (int i = 0; i < IoUnit.Op.values().length; i++) {
            all.add(new Window());
        }
        this.windows = all.toArray(Window[]::new);
    }

    private static String optionOf(Kind kind) {
        return switch (kind) {
            case BW -> "write_bw_log";
            case IOPS -> "write_iops_log";
            case SLAT, CLAT, LAT -> "write_lat_log";
            case CLAT_HIST -> "write_hist_log";
        };
    }

    /** The measured phase begins: what was gathered so far is forgotten. */
    void begin(long nowNs) {
        originNs = nowNs;
        epochMs = rules.epoch() ? System.currentTimeMillis() : 0;
        windowStartNs = nowNs;
        for (Window window : windows) {
            clear(window);
        }
        if (histograms != null) {
            histograms.begin(nowNs, epochMs);
        }
    }

    /** A request has completed. */
    void add(IoUnit unit, long slatNs, long clatNs, long nowNs) {
        if (histograms != null) {
            histograms.add(unit, clatNs, nowNs);
        }
        if (windowNs == 0) {
            single(unit, Math.max(0, slatNs), Math.max(0, clatNs), nowNs);
            return;
        }
        closeWindows(nowNs);
        Window window = windows[unit.op.ordinal()];
        window.ios++;
        window.bytes += unit.lengthBytes;
        if (rules.maximum()) {
            window.slatNs = Math.max(window.slatNs, slatNs);
            window.clatNs = Math.max(window.clatNs, clatNs);
            window.latNs = Math.max(window.latNs, slatNs + clatNs);
        } else {
            window.slatNs += slatNs;
            window.clatNs += clatNs;
        }
    }

    /** The measured phase has ended. */
    void end(long nowNs) {
        if (windowNs > 0) {
            closeWindows(nowNs);
            writeWindows(nowNs, Math.max(1, nowNs - windowStartNs));
        }
        if (histograms != null) {
            histograms.end(nowNs);
        }
    }

    private void single(IoUnit unit, long slatNs, long clatNs, long nowNs) {
        long ms = epochMs + (nowNs - originNs) / NS_PER_MS;
        long latNs = slatNs + clatNs;
        single(bw, unit, ms, kibPerSecond(unit.lengthBytes, Math.max(1, latNs)));
        single(iops, unit, ms, 1);
        single(slat, unit, ms, slatNs);
        single(clat, unit, ms, clatNs);
        single(lat, unit, ms, latNs);
    }

    private void single(LineLog log, IoUnit unit, long ms, long value) {
        if (log == null) {
            return;
        }
        log.begin(MAX_LINE_BYTES);
        log.put(ms).next(value).next(direction(unit.op)).next(unit.lengthBytes);
        if (rules.offsets()) {
            log.next(unit.offsetBytes);
        }
        log.next(0).put('\n');
    }

    /** The windows that have ended, of which only the first has anything in it. */
    private void closeWindows(long nowNs) {
        if (nowNs - windowStartNs < windowNs) {
            return;
        }
        writeWindows(windowStartNs + windowNs, windowNs);
        windowStartNs += (nowNs - windowStartNs) / windowNs * windowNs;
    }

    private void writeWindows(long endNs, long lengthNs) {
        long ms = epochMs + (endNs - originNs) / NS_PER_MS;
        for (int op = 0; op < windows.length; op++) {
            Window window = windows[op];
            if (window.ios > 0) {
                write(window, op, ms, lengthNs);
                clear(window);
            }
        }
    }

    private void write(Window window, int op, long ms, long lengthNs) {
        long direction = direction(OPS[op]);
        boolean max = rules.maximum();
        mean(bw, ms, kibPerSecond(window.bytes, lengthNs), direction);
        mean(iops, ms, Math.round(window.ios * 1e9 / lengthNs), direction);
        mean(slat, ms, max ? window.slatNs : window.slatNs / window.ios, direction);
        mean(clat, ms, max ? window.clatNs : window.clatNs / window.ios, direction);
        mean(lat, ms, max ? window.latNs : (window.slatNs + window.clatNs) / window.ios, direction);
    }

    private void mean(LineLog log, long ms, long value, long direction) {
        if (log == null) {
            return;
        }
        log.begin(MAX_LINE_BYTES);
        log.put(ms).next(value).next(direction).next(0);
        if (rules.offsets()) {
            log.next(0);
        }
        log.next(0).put('\n');
    }

    private static final IoUnit.Op[] OPS = IoUnit.Op.values();

    /** fio's number of a direction. */
    static long direction(IoUnit.Op op) {
        return switch (op) {
            case READ -> 0;
            case WRITE -> 1;
            default -> 2;
        };
    }

    private static long kibPerSecond(long bytes, long ns) {
        return Math.round(bytes * (1e9 / 1024) / ns);
    }

    private static void clear(Window window) {
        window.ios = 0;
        window.bytes = 0;
        window.slatNs = 0;
        window.clatNs = 0;
        window.latNs = 0;
    }

    @Override
    public void close() {
        logs.values().forEach(LineLog::close);
    }
}
