package ringside.emulator.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What documents and comments refer to exists, and the table of benchmarks is complete. */
class DocumentsTest {
    private static final Path ROOT = Repository.root();
    /** A relative link of Markdown, without the anchor. */
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#]+)(?:#[^)]*)?\\)");

    private static final Pattern RECORD = Pattern.compile("docs/adr/(\\d{4})");

    private static List<Path> files(Path folder, String suffix) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> file.toString().endsWith(suffix)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> sources(String kind) {
        return Repository.modules().stream().flatMap(module -> files(module.resolve("src/" + kind), ".java").stream());
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void linksInDocuments_leadToFiles() {
        List<Path> documents = new ArrayList<>(files(ROOT.resolve("docs"), ".md"));
        documents.add(ROOT.resolve("README.md"));

        List<String> broken = new ArrayList<>();
        for (Path document : documents) {
            Matcher links = LINK.matcher(text(document));
            while (links.find()) {
                if (!Files.exists(document.resolveSibling(links.group(1)))) {
                    broken.add(ROOT.relativize(document) + ": " + links.group(1));
                }
            }
        }

        assertThat(broken).isEmpty();
    }

    @Test
    void recordsNamedInSources_exist() {
        List<String> records = files(ROOT.resolve("docs/adr"), ".md").stream()
                .map(file -> file.getFileName().toString().substring(0, 4))
                .toList();
        List<String> named = sources("main")
                .flatMap(file -> RECORD.matcher(text(file)).results())
                .map(found -> found.group(1))
                .toList();

        assertThat(named).isNotEmpty().isSubsetOf(records);
        assertThat(records).as("numbers of decision records").doesNotHaveDuplicates();
    }

    @Test
    void everyBenchmark_isInTheTable() {
        String table = text(ROOT.resolve("docs/benchmarks.md"));
        List<String> missing = sources("jmh")
                .map(file -> file.getFileName().toString().replace(".java", ""))
                .filter(name -> name.endsWith("Benchmark"))
                .filter(name -> !table.contains("`" + name + "`"))
                .toList();

        assertThat(missing).as("benchmarks without a row in docs/benchmarks.md").isEmpty();
    }
}
