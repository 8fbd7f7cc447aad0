package ringside.harness.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.harness.sweep.Cells;

class SuiteDocsTest {
    private static final Path DOCS = Path.of("..", "docs", "suites.md");

    @Test
    void exampleOfTheDocumentation_isAValidSuite() throws IOException {
        String text = Files.readString(DOCS);
        int begin = text.indexOf("```yaml\n") + "```yaml\n".length();

        SuiteSpec suite = SuiteFile.parse(text.substring(begin, text.indexOf("```", begin)), "suites.md");

        assertThat(Cells.of(suite)).hasSize(9);
    }

    @ParameterizedTest
    @EnumSource(Option.class)
    void everyOption_isDocumented(Option option) throws IOException {
        assertThat(Files.readString(DOCS)).contains('`' + option.label() + '`');
    }
}
