package ringside.workloads.job;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * fio's ini dialect: {@code [sections]}, {@code option=value}, bare flags, comments from {@code #} or {@code ;} to the
 * end of the line, {@code ${NAME}} from the environment, fio's keywords, {@code include FILE}. A [global] section applies
 * to the job sections below it; a later one adds to it.
 */
final class IniReader {
    private static final String INCLUDE = "include";
    private static final int MAX_NESTING = 16;

    private final Path file;
    private final IniValue values;
    private final List<JobLine> global = new ArrayList<>();
    private final List<JobLine> all = new ArrayList<>();
    private final List<JobSection> sections = new ArrayList<>();
    private List<JobLine> current = List.of();
    private boolean inSection;

    IniReader(Path file, UnaryOperator<String> environment) {
        this.file = file;
        this.values = new IniValue(environment);
    }

    /** The job sections of the file. */
    List<JobSection> read() {
        List<String> text = IniText.read(file);
        for (int i = 0; i < text.size(); i++) {
            String line = stripComment(text.get(i)).strip();
            if (line.startsWith("[")) {
                openSection(i + 1, line);
            } else if (!line.isEmpty()) {
                addOption(file, i + 1, line, 0);
            }
        }
        return sections;
    }

    /** Every option line once, for warnings that must not repeat per job. */
    List<JobLine> lines() {
        return all;
    }

    private void openSection(int number, String line) {
        if (!line.endsWith("]") || line.length() < 3) {
            throw new JobFileException(file, number, "malformed section '" + line + "': write [name]");
        }
        String name = line.substring(1, line.length() - 1);
        inSection = true;
        if (name.equals("global")) {
            current = global;
        } else {
            current = new ArrayList<>(global);
            sections.add(new JobSection(number, name, current));
        }
    }

    private void addOption(Path where, int number, String line, int nesting) {
        if (!inSection) {
            throw new JobFileException(
                    where, number, "option '" + line + "' is outside of a section: put [global] or [jobname] above it");
        }
        if (line.startsWith(INCLUDE + " ") || line.startsWith(INCLUDE + "\t")) {
            include(where, number, line.substring(INCLUDE.length()).strip(), nesting);
            return;
        }
        int equals = line.indexOf('=');
        JobLine option = equals < 0
                ? new JobLine(where, number, line, "", true)
                : new JobLine(
                        where,
                        number,
                        line.substring(0, equals).strip(),
                        expand(where, number, line.substring(equals + 1).strip()),
                        false);
        current.add(option);
        all.add(option);
    }

    /** As in fio, the options of an included file belong to the section that includes it. */
    private void include(Path where, int number, String name, int nesting) {
        if (nesting == MAX_NESTING) {
            throw new JobFileException(
                    where,
                    number,
                    "include " + name + " is nested more than " + MAX_NESTING + " deep: does it include itself?");
        }
        Path included = locate(where, number, name);
        List<String> text = IniText.read(included);
        for (int i = 0; i < text.size(); i++) {
            String line = stripComment(text.get(i)).strip();
            if (line.startsWith("[")) {
                throw new JobFileException(
                        included, i + 1, "an included file holds options only: remove the section '" + line + "'");
            }
            if (!line.isEmpty()) {
                addOption(included, i + 1, line, nesting + 1);
            }
        }
    }

    /** As given, else next to the file that includes it. */
    private Path locate(Path where, int number, String name) {
        Path given = Path.of(expand(where, number, name));
        Path beside = where.resolveSibling(given);
        if (Files.exists(given) || beside.equals(given)) {
            return given;
        }
        if (!Files.exists(beside)) {
            throw new JobFileException(where, number, "include " + name + ": no such file, nor " + beside);
        }
        return beside;
    }

    private String expand(Path where, int number, String value) {
        try {
            return values.expand(value);
        } catch (IllegalArgumentException e) {
            throw new JobFileException(where, number, e.getMessage());
        }
    }

    private static String stripComment(String line) {
        int end = line.length();
        for (int i = 0; i < line.length(); i++) {
            if (line.charAt(i) == '#' || line.charAt(i) == ';') {
                end = i;
                break;
            }
        }
        return line.substring(0, end);
    }
}
