package ringside.reports.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import ringside.harness.HarnessException;
import ringside.harness.results.AtomicFiles;

/**
 * The results folders directly in a folder.
 *
 * @param folder above them
 * @param entries one per results folder, the newest first
 * @param pages reports that are in the folder itself, such as a history, by name of the file
 */
public record IndexModel(Path folder, List<IndexEntry> entries, List<String> pages) {
    /** The file that an index is written to, and is not listed in itself. */
    public static final String FILE = "index.html";

    /**
     * Reads all folders.
     *
     * @throws HarnessException if there is none
     */
    public static IndexModel of(Path folder) {
        List<IndexEntry> entries = new ArrayList<>();
        below(folder).forEach(path -> entries.add(IndexEntry.of(path)));
        if (entries.isEmpty()) {
            throw HarnessException.badInput(
                    folder + " holds no results folder: name a results folder, or the folder above several");
        }
        entries.sort(Comparator.comparing(IndexEntry::startedAt).reversed().thenComparing(IndexEntry::name));
        return new IndexModel(folder, List.copyOf(entries), pages(folder));
    }

    /** The results folders in a folder, in order of their names. */
    public static List<Path> below(Path folder) {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.filter(IndexEntry::isOne).sorted().toList();
        } catch (IOException e) {
            throw HarnessException.badInput("cannot read " + folder + ": " + AtomicFiles.reason(e), e);
        }
    }

    private static List<String> pages(Path folder) {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.filter(Files::isRegularFile)
                    .map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith(".html") && !name.startsWith(".") && !name.equals(FILE))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw HarnessException.badInput("cannot read " + folder + ": " + AtomicFiles.reason(e), e);
        }
    }

    /** Entries by suite, suites in order of their newest folder. */
    public Map<String, List<IndexEntry>> bySuite() {
        Map<String, List<IndexEntry>> suites = new LinkedHashMap<>();
        entries.forEach(entry ->
                suites.computeIfAbsent(entry.suite(), _ -> new ArrayList<>()).add(entry));
        return suites;
    }
}
