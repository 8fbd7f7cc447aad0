package ringside.harness.observe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Small text files of /proc and /sys; absent ones are normal in containers. */
final class ProcFiles {
    private ProcFiles() {}

    /** The content without surrounding blanks; empty where it cannot be read. */
    static Optional<String> read(String path) {
        try {
            return Optional.of(Files.readString(Path.of(path)).strip()).filter(text -> !text.isEmpty());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The value behind the first line that begins with a key, as in /proc/cpuinfo. */
    static Optional<String> value(String path, String key) {
        return read(path)
                .flatMap(text -> text.lines()
                        .filter(line -> line.startsWith(key))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst());
    }

    /** The choice in brackets, as in {@code always [madvise] never}. */
    static Optional<String> choice(String path) {
        return read(path).map(text -> {
            int open = text.indexOf('[');
            int close = text.indexOf(']', open + 1);
            return open >= 0 && close > open ? text.substring(open + 1, close) : text;
        });
    }
}
