package ringside.workloads.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FioOptionsDocumentTest {
    @Test
    void everyUnderstoodOption_hasARowInTheDocument() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.isRegularFile(root.resolve("docs/fio-options.md"))) {
            root = root.getParent();
        }
        String document = Files.readString(root.resolve("docs/fio-options.md"));

        assertThat(JobOption.understood())
                .isNotEmpty()
                .allSatisfy(option -> assertThat(document).contains("`" + option + "`"));
    }
}
