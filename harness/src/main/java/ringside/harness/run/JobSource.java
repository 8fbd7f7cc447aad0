package ringside.harness.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import ringside.harness.HarnessException;
import ringside.harness.suite.Option;
import ringside.harness.suite.SuiteOption;
import ringside.workloads.job.JobFile;
import ringside.workloads.job.JobFileException;
import ringside.workloads.job.JobFileResult;
import ringside.workloads.job.JobSpec;
import ringside.workloads.job.JobWarning;
import ringside.workloads.job.Strictness;
import ringside.workloads.runner.PhaseLengths;

/** The jobs of a cell: a fio job file with the suite's job options laid over every job, or these options alone. */
final class JobSource {
    private JobSource() {}

    /** The jobs and what is to be said about the file. */
    record Jobs(List<JobSpec> jobs, List<JobWarning> warnings) {
        boolean modifies() {
            return jobs.stream().anyMatch(job -> job.rw().modifies());
        }

        /** The same with logs, where their names are not absolute, and wrong blocks in a folder behind the beginning of a name. */
        Jobs loggedIn(Path folder, String beginning) {
            List<JobSpec> moved = jobs.stream()
                    .map(job -> job.logs().isUsed() ? job.withLogs(job.logs().in(folder, beginning)) : job)
                    .map(job -> job.withVerify(job.verify().in(folder, beginning)))
                    .toList();
            return new Jobs(moved, warnings);
        }

        /** Requests in flight on one disk. */
        long depthPerDisk() {
            return jobs.stream()
                    .mapToLong(job -> (long) job.iodepth() * job.numjobs())
                    .sum();
        }

        /** Bytes of buffers that one disk needs. */
        long bufferBytesPerDisk() {
            int largest = jobs.stream().mapToInt(JobSpec::bufferBytes).max().orElse(0);
            return depthPerDisk() * largest;
        }

        /** Ramp and measurement in nanoseconds, 0 when a job's size decides. */
        long plannedNs() {
            return PhaseLengths.of(jobs).plannedNs();
        }
    }

    /**
     * Makes the jobs of a cell.
     *
     * @throws HarnessException in one line
     */
    static Jobs of(Map<String, String> options, String jobFile, boolean strict) {
        return perQueue(said(options, jobFile, strict), options);
    }

    private static Jobs said(Map<String, String> options, String jobFile, boolean strict) {
        Map<String, String> said = new TreeMap<>();
        options.forEach((name, value) -> {
            if (!value.isEmpty() && SuiteOption.isOfJob(name)) {
                said.put(name, value);
            }
        });
        return jobFile.isEmpty() ? new Jobs(List.of(fromOptions(said)), List.of()) : fromFile(jobFile, strict, said);
    }

    private static Jobs fromFile(String file, boolean strict, Map<String, String> said) {
        JobFileResult parsed;
        try {
            parsed = JobFile.parse(Path.of(file), said, strict ? Strictness.STRICT : Strictness.LENIENT);
        } catch (JobFileException e) {
            throw HarnessException.badInput(e.getMessage(), e);
        }
        return new Jobs(uniqueNames(parsed.jobs()), parsed.warnings());
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

    /** Options are read by the job file's own parser, so that their units and limits are fio's. */
    private static JobSpec fromOptions(Map<String, String> said) {
        try {
            return JobFile.ofOptions("job", said);
        } catch (IllegalArgumentException e) {
            throw HarnessException.badInput("job options of the suite: " + e.getMessage(), e);
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
