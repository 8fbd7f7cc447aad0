package ringside.workloads.job;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads fio job files (the subset of {@code docs/fio-options.md}). */
public final class JobFile {
    private final Path file;
    private final Strictness strictness;
    private final Map<String, String> over;
    private final List<JobWarning> warnings = new ArrayList<>();

    private JobFile(Path file, Strictness strictness, Map<String, String> over) {
        this.file = file;
        this.strictness = strictness;
        this.over = over;
    }

    /** Names of all options that act or are recorded, without aliases. */
    public static Set<String> options() {
        return JobOption.canonicalNames();
    }

    /**
     * A job from options alone.
     *
     * @throws IllegalArgumentException in one line, when an option is none or a value is wrong
     */
    public static JobSpec ofOptions(String name, Map<String, String> options) {
        JobDraft draft = new JobDraft(name);
        layOver(draft, options);
        return draft.build();
    }

    /**
     * Reads a job file. Nothing is dropped silently: an option without effect is in the warnings.
     *
     * @throws JobFileException one line naming file, line and remedy, when the file cannot be read or a value is wrong,
     *     or, under {@link Strictness#STRICT}, when an option is unknown or not implemented
     */
    public static JobFileResult parse(Path file, Strictness strictness) {
        return parse(file, Map.of(), strictness);
    }

    /**
     * The same with options laid over those of each job.
     *
     * @throws JobFileException also when they do not fit a job
     */
    public static JobFileResult parse(Path file, Map<String, String> over, Strictness strictness) {
        return new JobFile(file, strictness, over).parse();
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
            layOver(draft, over);
            return draft.build();
        } catch (IllegalArgumentException e) {
            throw new JobFileException(file, section.line(), "job " + section.name() + ": " + e.getMessage());
        }
    }

    private static void layOver(JobDraft draft, Map<String, String> options) {
        options.forEach((option, value) -> {
            if (!JobOption.canonicalNames().contains(option)) {
                throw new IllegalArgumentException("unknown job option '" + option + "'");
            }
            JobOption.apply(draft, new JobLine(Path.of(""), 0, option, value, false));
        });
    }
}
