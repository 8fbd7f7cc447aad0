package ringside.harness.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import ringside.harness.HarnessException;
import ringside.harness.suite.Option;
import ringside.workloads.job.JobFile;
import ringside.workloads.job.JobFileException;
import ringside.workloads.job.JobFileResult;
import ringside.workloads.job.JobRegion;
import ringside.workloads.job.JobSpec;
import ringside.workloads.job.JobTiming;
import ringside.workloads.job.JobWarning;
import ringside.workloads.job.Strictness;

/** The jobs of a cell: a fio job file with the suite's job options laid over every job, or these options alone. */
final class JobSource {
    private static final Map<String, BiFunction<JobSpec, JobSpec, JobSpec>> OVERLAYS = Map.ofEntries(
            Map.entry("rw", (job, over) -> job.withRw(over.rw())),
            Map.entry("bs", (job, over) -> job.withBs(over.bs())),
            Map.entry("iodepth", (job, over) -> job.withIodepth(over.iodepth())),
            Map.entry("numjobs", (job, over) -> job.withNumjobs(over.numjobs())),
            Map.entry(
                    "size",
                    (job, over) -> job.withRegion(new JobRegion(
                            job.region().offset(),
                            over.region().size(),
                            job.region().ioSize()))),
            Map.entry(
                    "offset",
                    (job, over) -> job.withRegion(new JobRegion(
                            over.region().offset(),
                            job.region().size(),
                            job.region().ioSize()))),
            Map.entry(
                    "rwmixread", (job, over) -> job.withRwmixread(over.access().rwmixread())),
            Map.entry("randseed", (job, over) -> job.withRandseed(over.randseed())));

    private JobSource() {}

    /** The jobs and what is to be said about the file. */
    record Jobs(List<JobSpec> jobs, List<JobWarning> warnings) {
        boolean modifies() {
            return jobs.stream().anyMatch(job -> job.rw().modifies());
        }

        /** Requests in flight on one disk. */
        long depthPerDisk() {
            return jobs.stream()
                    .mapToLong(job -> (long) job.iodepth() * job.numjobs())
                    .sum();
        }

        /** Bytes of buffers that one disk needs. */
        long bufferBytesPerDisk() {
            int largest =
                    jobs.stream().mapToInt(job -> job.bs().maxBytes()).max().orElse(0);
            return depthPerDisk() * largest;
        }

        /** Ramp and measurement in nanoseconds, 0 when a job's size decides. */
        long plannedNs() {
            boolean bounded = jobs.stream().allMatch(job -> job.timing().runtimeNs() > 0);
            long runtime = jobs.stream()
                    .mapToLong(job -> job.timing().runtimeNs())
                    .max()
                    .orElse(0);
            long ramp = jobs.stream()
                    .mapToLong(job -> job.timing().rampTimeNs())
                    .max()
                    .orElse(0);
            return bounded ? ramp + runtime : 0;
        }
    }

    /**
     * Makes the jobs of a cell.
     *
     * @throws HarnessException in one line
     */
    static Jobs of(Map<String, String> options, String jobFile, boolean strict) {
        Map<String, String> said = new TreeMap<>();
        for (String name : Option.labels(Option.Section.JOB)) {
            String value = options.getOrDefault(name, "");
            if (!value.isEmpty()) {
                said.put(name, value);
            }
        }
        Jobs jobs =
                jobFile.isEmpty() ? new Jobs(List.of(fromOptions(said)), List.of()) : fromFile(jobFile, strict, said);
        return perQueue(jobs, options);
    }

    private static Jobs fromFile(String file, boolean strict, Map<String, String> said) {
        JobFileResult parsed;
        try {
            parsed = JobFile.parse(Path.of(file), strict ? Strictness.STRICT : Strictness.LENIENT);
        } catch (JobFileException e) {
            throw HarnessException.badInput(e.getMessage(), e);
        }
        List<JobSpec> named = uniqueNames(parsed.jobs());
        if (said.isEmpty()) {
            return new Jobs(named, parsed.warnings());
        }
        JobSpec over = fromOptions(said);
        return new Jobs(named.stream().map(job -> overlay(job, over, said)).toList(), parsed.warnings());
    }

    /** fio takes two sections of one name as two jobs; results are kept by name, so the second one gets its own. */
    private static List<JobSpec> uniqueNames(List<JobSpec> jobs) {
        Set<String> given = jobs.stream().map(JobSpec::name).collect(Collectors.toSet());
        Set<String> taken = new HashSet<>();
        List<JobSpec> unique = new ArrayList<>();
        for (JobSpec job : jobs) {
            String name = job.name();
            for (int i = 2; !taken.add(name); i++) {
                name = job.name() + "#" + i;
                while (given.contains(name)) {
                    i++;
                    name = job.name() + "#" + i;
                }
            }
            unique.add(job.withName(name));
        }
        return List.copyOf(unique);
    }

    private static JobSpec overlay(JobSpec job, JobSpec over, Map<String, String> said) {
        JobSpec result = job;
        for (String name : said.keySet()) {
            result = OVERLAYS.getOrDefault(name, (same, _) -> same).apply(result, over);
        }
        return result.withTiming(new JobTiming(
                said.containsKey("runtime")
                        ? over.timing().runtimeNs()
                        : job.timing().runtimeNs(),
                said.containsKey("time_based")
                        ? over.timing().timeBased()
                        : job.timing().timeBased(),
                said.containsKey("ramp_time")
                        ? over.timing().rampTimeNs()
                        : job.timing().rampTimeNs()));
    }

    /** Options are read by the job file's own parser, so that their units and limits are fio's. */
    private static JobSpec fromOptions(Map<String, String> said) {
        StringBuilder text = new StringBuilder("[job]\n");
        said.forEach(
                (name, value) -> text.append(name).append('=').append(value).append('\n'));
        if (said.getOrDefault("time_based", "").equals("1") && !said.containsKey("runtime")) {
            text.append("runtime=1\n"); // an overlay may name time_based alone; the file's runtime is kept
        }
        Path file = null;
        try {
            file = Files.createTempFile("ringside", ".fio");
            Files.writeString(file, text);
            return JobFile.parse(file, Strictness.STRICT).jobs().getFirst();
        } catch (JobFileException e) {
            String message = e.getMessage().replaceFirst("^" + Pattern.quote(file.toString()) + ":\\d+: ", "");
            throw HarnessException.badInput("job options of the suite: " + message, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            delete(file);
        }
    }

    private static void delete(Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With job-per-queue every queue gets a clone, and the clones share the job's depth. */
    private static Jobs perQueue(Jobs jobs, Map<String, String> options) {
        int queues = Integer.parseInt(options.get(Option.QUEUES.label()));
        if (queues == 1 || !options.get(Option.JOB_PER_QUEUE.label()).equals("on")) {
            return jobs;
        }
        return new Jobs(
                jobs.jobs().stream()
                        .map(job -> job.withNumjobs(job.numjobs() * queues)
                                .withIodepth(Math.max(1, job.iodepth() / queues)))
                        .toList(),
                jobs.warnings());
    }
}
