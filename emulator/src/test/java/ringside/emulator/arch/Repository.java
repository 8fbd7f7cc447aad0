package ringside.emulator.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where the tests of the whole repository find it. */
final class Repository {
    private Repository() {}

    /** Tests run in the folder of their module; the documents lie in the one above. */
    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docs/architecture.md"))) {
            folder = folder.getParent();
            assertThat(folder).as("a folder above with docs/architecture.md").isNotNull();
        }
        return folder;
    }

    /** The folders of the modules. */
    static List<Path> modules() {
        return list(root()).stream()
                .filter(folder -> Files.exists(folder.resolve("pom.xml")))
                .toList();
    }

    static List<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
