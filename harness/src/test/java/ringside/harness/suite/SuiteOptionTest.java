package ringside.harness.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteOptionTest {
    @TempDir
    Path temp;

    @Test
    void anyJobOption_canBeSetAndSweptAndIsWrittenBack() throws IOException {
        SuiteSpec suite = suite("job: {rw: randrw, rate_process: poisson}\naxes: {rate_iops: [1k, 2k]}\n");

        assertThat(suite.settings()).containsEntry("rate_process", "poisson");
        assertThat(suite.axes()).containsEntry("rate_iops", List.of("1k", "2k"));
        assertThat(suite(SuiteText.of(suite))).isEqualTo(suite);
        assertThat(suite.withJobFile("x.fio").settings()).doesNotContainKey("rate_process");
    }

    @Test
    void optionOfNobody_isRefusedWhereItStands() {
        assertThatThrownBy(() -> suite("job: {rate_ipos: 5}\n"))
                .hasMessageContaining("suite.yaml:1")
                .hasMessageContaining("unknown option 'rate_ipos'")
                .hasMessageContaining("docs/fio-options.md");
        assertThatThrownBy(() -> suite("machine: {rate_iops: 5}\n")).hasMessageContaining("unknown option 'rate_iops'");
        assertThatThrownBy(() -> suite("job: {name: x}\n")).hasMessageContaining("unknown option 'name'");
    }

    private SuiteSpec suite(String text) throws IOException {
        Path file = temp.resolve("suite.yaml");
        Files.writeString(file, text);
        return SuiteFile.load(file.toString());
    }
}
