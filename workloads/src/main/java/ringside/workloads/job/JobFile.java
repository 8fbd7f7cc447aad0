package ringside.workloads.job;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads fio job files (the subset of {@code docs/fio-options.md}). */
public final class JobFile {
    private final Path file;
    private final Strictness strictness;
    private final List<JobWarning> warnings = new ArrayList<>();

    private JobFile(Path file, Strictness strictness) {
        this.file = file;
        this.strictness = strictness;
    }

    /**
     * Reads a job file. Nothing is dropped silently: an option without effect is in the warnings.
     *
     * @throws JobFileException one line naming file, line and remedy, when the file cannot be read or a value is wrong,
     *     or, under {@link Strictness#STRICT}, when an option is unknown or not implemented
     */
    public static JobFileResult parse(Path file, Strictness strictness) {
        return new JobFile(file, strictness).parse();
    }

    private JobFileResult parse() {
        IniReader reader = new IniReader(file, name -> System.getenv().getOrDefault(name, ""));
        List<JobSection> sections = reader.read();
        if (sections.isEmpty()) {
            throw new JobFileException(file, "no job section: add [jobname] with rw, bs and iodepth");
        }
        reader.lines().forEach(this::judge);
        return new JobFileResult(sections.stream().map(this::toSpec).toList(), warnings);
    }

    private void judge(JobLine line) {
        String option = JobOption.canonical(line.option());
        JobOption.judge(option).ifPresent(kind -> {
            String text = JobOption.text(option, kind);
            if (strictness == Strictness.STRICT && kind != JobWarning.Kind.NOTE) {
                throw new JobFileException(
                        line.file(),
                        line.line(),
                        text.replace(" and has been ignored", "").replace(" has been ignored", "")
                                + ": remove it, or run without --strict");
            }
            warnings.add(new JobWarning(line.file(), line.line(), option, kind, text));
        });
    }

    private JobSpec toSpec(JobSection section) {
        JobDraft draft = new JobDraft(section.name());
        for (JobLine line : section.lines()) {
            try {
                JobOption.apply(draft, line);
            } catch (IllegalArgumentException e) {
                throw new JobFileException(line.file(), line.line(), e.getMessage());
            }
        }
        try {
            return draft.build();
        } catch (IllegalArgumentException e) {
            throw new JobFileException(file, section.line(), "job " + section.name() + ": " + e.getMessage());
        }
    }
}
