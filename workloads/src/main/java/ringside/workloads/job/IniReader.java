package ringside.workloads.job;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * fio's ini dialect: {@code [sections]}, {@code option=value}, bare flags, comments from {@code #} or {@code ;} to the
 * end of the line, {@code ${NAME}} from the environment. A [global] section applies to the job sections below it; a
 * later one adds to it.
 */
final class IniReader {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*)}");

    private final Path file;
    private final UnaryOperator<String> environment;
    private final List<JobLine> global = new ArrayList<>();
    private final List<JobLine> all = new ArrayList<>();
    private final List<JobSection> sections = new ArrayList<>();
    private List<JobLine> current = List.of();
    private boolean inSection;

    IniReader(Path file, UnaryOperator<String> environment) {
        this.file = file;
        this.environment = environment;
    }

    /** The job sections of the file. */
    List<JobSection> read(List<String> text) {
        for (int i = 0; i < text.size(); i++) {
            String line = stripComment(text.get(i)).strip();
            if (line.startsWith("[")) {
                openSection(i + 1, line);
            } else if (!line.isEmpty()) {
                addOption(i + 1, line);
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

    private void addOption(int number, String line) {
        if (!inSection) {
            throw new JobFileException(
                    file, number, "option '" + line + "' is outside of a section: put [global] or [jobname] above it");
        }
        if (line.startsWith("include ")) {
            throw new JobFileException(file, number, "include is not implemented: copy the lines of the file here");
        }
        int equals = line.indexOf('=');
        JobLine option = equals < 0
                ? new JobLine(number, line, "", true)
                : new JobLine(
                        number,
                        line.substring(0, equals).strip(),
                        expand(line.substring(equals + 1).strip()),
                        false);
        current.add(option);
        all.add(option);
    }

    private String expand(String value) {
        Matcher matcher = VARIABLE.matcher(value);
        return matcher.replaceAll(match -> Matcher.quoteReplacement(environment.apply(match.group(1))));
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
