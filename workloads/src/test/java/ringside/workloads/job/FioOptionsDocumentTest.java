package ringside.workloads.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FioOptionsDocumentTest {
    @Test
    void everyOptionOfFio_isInTheDocument() throws IOException {
        try (InputStream names = JobOption.class.getResourceAsStream("fio-options.txt")) {
            String document = document();

            assertThat(new String(names.readAllBytes(), StandardCharsets.US_ASCII).lines())
                    .hasSizeGreaterThan(300)
                    .allSatisfy(option -> assertThat(document).contains("`" + option + "`"));
        }
    }

    @Test
    void everyUnderstoodOption_hasARowInTheDocument() throws IOException {
        String document = document();

        assertThat(JobOption.understood())
                .isNotEmpty()
                .allSatisfy(option -> assertThat(document).contains("`" + option + "`"));
    }

    private static String document() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.isRegularFile(root.resolve("docs/fio-options.md"))) {
            root = root.getParent();
        }
        return Files.readString(root.resolve("docs/fio-options.md"));
    }
}
