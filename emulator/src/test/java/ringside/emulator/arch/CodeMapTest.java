package ringside.emulator.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The code map in docs/architecture.md names every package of all modules, and only packages that exist. */
class CodeMapTest {
    /** A line of the map: a package in code font, a dash, what it is. */
    private static final Pattern MAP_LINE = Pattern.compile("- `(ringside(?:\\.\\w+)*)` — .{10,}");

    private static final Path ROOT = Repository.root();

    private static List<Path> sourceFolders() {
        return Repository.modules().stream()
                .map(module -> module.resolve("src/main/java"))
                .filter(Files::isDirectory)
                .toList();
    }

    /** Folders below a source folder that hold at least one Java file. */
    private static List<Path> packageFolders(Path sources) {
        try (Stream<Path> all = Files.walk(sources)) {
            return all.filter(Files::isDirectory)
                    .filter(folder -> Repository.list(folder).stream()
                            .anyMatch(file -> file.getFileName().toString().endsWith(".java")))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String packageName(Path sources, Path folder) {
        return sources.relativize(folder).toString().replace('/', '.');
    }

    private static Set<String> packages() {
        Set<String> names = new TreeSet<>();
        for (Path sources : sourceFolders()) {
            packageFolders(sources).forEach(folder -> names.add(packageName(sources, folder)));
        }
        return names;
    }

    private static List<String> mapped() throws IOException {
        return Files.readAllLines(ROOT.resolve("docs/architecture.md")).stream()
                .map(MAP_LINE::matcher)
                .filter(Matcher::matches)
                .map(line -> line.group(1))
                .toList();
    }

    @Test
    void everyPackage_isInTheCodeMap() throws IOException {
        assertThat(mapped())
                .as("packages of all modules, each with a line \"- `package` — what it is\" in docs/architecture.md")
                .containsAll(packages());
    }

    @Test
    void codeMap_namesOnlyPackagesThatExist() throws IOException {
        assertThat(packages())
                .as("packages that exist; the code map in docs/architecture.md names another")
                .containsAll(mapped());
    }

    @Test
    void codeMap_namesEachPackageOnce() throws IOException {
        assertThat(mapped()).doesNotHaveDuplicates();
    }

    @Test
    void everyPackage_saysWhoMayCallIt() {
        List<Path> without = sourceFolders().stream()
                .flatMap(sources -> packageFolders(sources).stream())
                .filter(folder -> !Files.exists(folder.resolve("package-info.java")))
                .map(ROOT::relativize)
                .toList();

        assertThat(without).as("packages without package-info.java").isEmpty();
    }
}
