package ringside.harness.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SpecCoverageTest {
    @Test
    void page_isUpToDate() throws IOException {
        Path page = Path.of("..", "docs", "spec-coverage.md");
        assertThat(Files.readString(page))
                .as("run: scripts/ringside conformance --coverage docs/spec-coverage.md")
                .isEqualTo(SpecCoverage.page());
    }
}
