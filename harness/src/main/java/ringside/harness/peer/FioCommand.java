package ringside.harness.peer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import ringside.workloads.job.FlowText;
import ringside.workloads.job.JobPacing;
import ringside.workloads.job.JobSpec;
import ringside.workloads.job.ShapeText;

/**
 * The command line of fio for jobs that a suite would run on a disk.
 *
 * @param jobs the jobs, each with a runtime
 * @param image the file
 * @param aio {@code io_uring}, {@code native} (libaio), {@code mmap} or {@code threads} (psync with a thread per request in flight)
 * @param direct open with O_DIRECT
 * @param writable whether the jobs may write
 * @param seed mixed into every job's randseed
 * @param cpus where it may run; {@code any} for everywhere
 */
public record FioCommand(
        List<JobSpec> jobs, Path image, String aio, boolean direct, boolean writable, long seed, String cpus) {
    public FioCommand {
        jobs = List.copyOf(jobs);
    }

    /** The engine's name in fio. */
    public String engine() {
        return switch (aio) {
            case "io_uring" -> "io_uring";
            case "native" -> "libaio";
            case "mmap" -> "mmap";
            default -> "psync";
        };
    }

    /** The words; the result is written to {@code output}. */
    List<String> words(Path output) {
        List<String> words = new ArrayList<>(List.of("fio", "--output-format=json+", "--output=" + output));
        if (!writable) {
            words.add("--readonly");
        }
        jobs.forEach(job -> add(words, job));
        return List.copyOf(words);
    }

    private void add(List<String> words, JobSpec job) {
        boolean threads = engine().equals("psync");
        // A colon separates file names in fio.
        words.addAll(List.of(
                "--name=" + job.name(),
                "--filename=" + image.toString().replace(":", "\\:"),
                "--ioengine=" + engine(),
                "--iodepth=" + (threads ? 1 : job.iodepth()),
                "--numjobs=" + (threads ? job.iodepth() * job.numjobs() : job.numjobs()),
                "--direct=" + (direct ? 1 : 0),
                "--runtime=" + job.timing().runtimeNs() / 1000 + "us",
                "--time_based=" + (job.timing().timeBased() ? 1 : 0),
                "--ramp_time=" + job.timing().rampTimeNs() / 1000 + "us",
                "--rwmixread=" + job.access().rwmixread(),
                "--randseed=" + ((job.randseed() ^ seed) & Long.MAX_VALUE)));
        Map<String, String> shape = new TreeMap<>(ShapeText.of(job));
        shape.remove("write_iolog"); // it is ours
        shape.forEach((name, value) -> words.add("--" + name + "=" + value));
        FlowText.of(job).forEach((name, value) -> words.add("--" + name + "=" + value));
        addPace(words, job.pacing());
        addRegion(words, job);
        if (!cpus.equals(ServerLaunch.ANY_CPU)) {
            words.add("--cpus_allowed=" + cpus);
        }
        words.addAll(List.of(
                "--thread",
                "--group_reporting",
                "--slat_percentiles=1",
                "--clat_percentiles=1",
                "--lat_percentiles=1"));
    }

    /** fio has no open loop: a suite that asks it for one is refused before. */
    private static void addPace(List<String> words, JobPacing pacing) {
        if (!pacing.bytes().isNone()) {
            words.add("--rate=" + pacing.bytes());
        }
        if (!pacing.iops().isNone()) {
            words.add("--rate_iops=" + pacing.iops());
        }
        if (pacing.paced()) {
            words.add("--rate_process=" + pacing.process().label());
        }
    }

    private static void addRegion(List<String> words, JobSpec job) {
        if (!job.region().offset().isUnset()) {
            words.add("--offset=" + job.region().offset());
        }
        if (!job.region().size().isUnset()) {
            words.add("--size=" + job.region().size());
        }
        if (!job.region().ioSize().isUnset()) {
            words.add("--io_size=" + job.region().ioSize());
        }
    }
}
