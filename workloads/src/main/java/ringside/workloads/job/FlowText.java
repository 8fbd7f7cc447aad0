package ringside.workloads.job;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a job's requests follow one another as fio's options, where they are not fio's default: pauses, batches, flushes,
 * begin and repetitions, verification. What a result records and what a peer fio is told.
 */
public final class FlowText {
    private final Map<String, String> options = new LinkedHashMap<>();

    private FlowText() {}

    /** The options in fio's notation by canonical name. */
    public static Map<String, String> of(JobSpec job) {
        FlowText text = new FlowText();
        text.depth(job.depth());
        text.search(job.depth().search());
        text.think(job.pacing().think());
        text.timing(job.timing());
        text.sync(job.sync());
        text.verify(job.verify());
        text.logs(job.logs());
        return Map.copyOf(text.options);
    }

    private void depth(JobDepth depth) {
        if (depth.low() != depth.iodepth()) {
            options.put("iodepth_low", Integer.toString(depth.low()));
        }
        if (depth.batch() > 0) {
            options.put("iodepth_batch", Integer.toString(depth.batch()));
        }
        if (depth.completeMin() > 1) {
            options.put("iodepth_batch_complete_min", Integer.toString(depth.completeMin()));
        }
    }

    private void search(DepthSearch search) {
        if (search.isUsed()) {
            options.put("latency_target", micros(search.targetNs()));
            options.put("latency_window", micros(search.windowNs()));
            options.put("latency_percentile", Double.toString(search.percentile()));
            number("latency_run", search.goesOn() ? 1 : 0);
        }
    }

    private void logs(JobLogs logs) {
        logs.prefixes().forEach((kind, prefix) -> {
            switch (kind) {
                case BW -> options.put("write_bw_log", prefix.toString());
                case IOPS -> options.put("write_iops_log", prefix.toString());
                case LAT -> options.put("write_lat_log", prefix.toString());
                case CLAT_HIST -> options.put("write_hist_log", prefix.toString());
                case SLAT, CLAT -> {} // they come with lat
            }
        });
        if (!logs.isUsed()) {
            return;
        }
        number("log_avg_msec", logs.averageMs());
        number("log_max_value", logs.maximum() ? 1 : 0);
        number("log_offset", logs.offsets() ? 1 : 0);
        number("log_hist_msec", logs.histogramMs());
        number("log_hist_coarseness", logs.coarseness());
        number("log_unix_epoch", logs.epoch() ? 1 : 0);
        if (!logs.perClone()) {
            options.put("per_job_logs", "0");
        }
    }

    private void number(String name, int value) {
        if (value > 0) {
            options.put(name, Integer.toString(value));
        }
    }

    private void think(JobThink think) {
        if (!think.isUsed()) {
            return;
        }
        options.put("thinktime", micros(think.pauseNs()));
        if (think.spinNs() > 0) {
            options.put("thinktime_spin", micros(think.spinNs()));
        }
        if (think.blocks() > 0) {
            options.put("thinktime_blocks", Integer.toString(think.blocks()));
        }
        if (think.byIssue()) {
            options.put("thinktime_blocks_type", "issue");
        }
        if (think.ioTimeNs() > 0) {
            options.put("thinktime_iotime", micros(think.ioTimeNs()));
        }
    }

    private void timing(JobTiming timing) {
        JobStart start = timing.start();
        if (start.maxDelayNs() > 0) {
            options.put(
                    "startdelay",
                    start.minDelayNs() == start.maxDelayNs()
                            ? micros(start.minDelayNs())
                            : micros(start.minDelayNs()) + "-" + micros(start.maxDelayNs()));
        }
        if (start.stonewall()) {
            options.put("stonewall", "1");
        }
        if (timing.loops() > 1) {
            options.put("loops", Integer.toString(timing.loops()));
        }
        if (timing.steady().isUsed()) {
            options.put("steadystate", timing.steady().toString());
            options.put(
                    "steadystate_duration", SteadyRule.millis(timing.steady().windowNs()));
            options.put(
                    "steadystate_ramp_time", SteadyRule.millis(timing.steady().rampNs()));
        }
        if (timing.maxLatencyNs() > 0) {
            options.put("max_latency", micros(timing.maxLatencyNs()));
        }
    }

    private void sync(JobSync sync) {
        if (sync.everyWrites() > 0) {
            options.put(sync.dataOnly() ? "fdatasync" : "fsync", Integer.toString(sync.everyWrites()));
        }
    }

    private void verify(JobVerify verify) {
        if (!verify.isUsed()) {
            return;
        }
        options.put("verify", verify.method().label());
        if (!verify.atEnd()) {
            options.put("do_verify", "0");
        }
        if (verify.only()) {
            options.put("verify_only", "1");
        }
        if (verify.fatal()) {
            options.put("verify_fatal", "1");
        }
        if (verify.intervalBytes() > 0) {
            options.put("verify_interval", Integer.toString(verify.intervalBytes()));
        }
        if (verify.offsetBytes() > 0) {
            options.put("verify_offset", Integer.toString(verify.offsetBytes()));
        }
        number("verify_dump", verify.dumps() ? 1 : 0);
        number("verify_backlog", verify.backlog());
        number("verify_backlog_batch", verify.backlogBatch());
        if (!verify.seeded()) {
            options.put("verify_header_seed", "0");
        }
        if (!verify.pattern().isEmpty()) {
            options.put("verify_pattern", verify.pattern().toString());
        }
    }

    private static String micros(long ns) {
        return ns / 1000 + "us";
    }
}
