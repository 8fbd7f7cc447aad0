package ringside.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConformanceCommandTest {
    @TempDir
    private Path temp;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(arguments);
    }

    @Test
    void oneClause_isTestedAndPrinted() {
        assertThat(run("conformance", "--clause", "D31,D32", "--ring", "split")).isZero();
        assertThat(out.toString()).contains("reads 0x74726976").contains("MUST 2/2 (54 not applicable)");
    }

    @Test
    void report_goesToAFile() {
        Path file = temp.resolve("report.json");
        assertThat(run("conformance", "--clause", "D31", "--format", "json", "--output", file.toString()))
                .isZero();
        assertThat(file).content().contains("\"specification\" : \"VIRTIO 1.2 cs01\"");
        assertThat(out.toString()).startsWith("MUST 1/1");
    }

    @Test
    void serverThatIsNotThere_isTheHostsProblem() {
        int code = run("conformance", "--clause", "D54", "--target", "vhost-user:" + temp.resolve("none"));
        assertThat(code).isEqualTo(ExitCode.ENVIRONMENT.code());
        assertThat(err.toString()).contains("does not accept a connection");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --clause D99      | no clause D99
            --ring round      | --ring: 'round' is neither split nor packed
            --format html     | unknown format 'html'
            --target scsi     | --target: 'scsi' is none of
            --server nonesuch | unknown server 'nonesuch'
            """)
    void wrongOptions_areRefusedInOneLine(String options, String message) {
        String[] words = ("conformance " + options).split(" ");
        assertThat(run(words)).isEqualTo(ExitCode.USAGE.code());
        assertThat(err.toString().strip()).contains(message).doesNotContain("\n");
    }
}
