package ringside.harness.suite;

import java.util.Optional;
import ringside.workloads.job.JobFile;

/**
 * Something that a suite can set or sweep: an {@link Option}, or any other option of fio's job files that the load
 * understands.
 *
 * @param label name in suites, on the command line and in results
 * @param section where it belongs
 */
public record SuiteOption(String label, Option.Section section) {
    /** The option with this name. */
    public static Optional<SuiteOption> find(String label) {
        return Option.find(label)
                .map(option -> new SuiteOption(option.label(), option.section()))
                .or(() -> JobFile.options().contains(label) && !label.equals("name")
                        ? Optional.of(new SuiteOption(label, Option.Section.JOB))
                        : Optional.empty());
    }

    /** The option with this name, which must be of a section. */
    static Optional<SuiteOption> find(String label, Option.Section section) {
        return find(label).filter(option -> option.section == section);
    }

    /** Whether it is an option of fio's. */
    public static boolean isOfJob(String label) {
        return find(label, Option.Section.JOB).isPresent();
    }

    /**
     * Checks a value as far as it can be checked alone; of job options the rest is checked when the job is made.
     *
     * @throws IllegalArgumentException naming what is allowed
     */
    public void check(String value) {
        Option.find(label).ifPresent(option -> option.check(value));
    }
}
