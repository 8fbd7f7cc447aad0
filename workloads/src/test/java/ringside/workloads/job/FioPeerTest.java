package ringside.workloads.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares with the fio that is installed, if any. */
class FioPeerTest {
    private static final Pattern PARSED = Pattern.compile("ret=0, out=(\\d+)");

    @TempDir
    Path folder;

    @BeforeAll
    static void fioIsInstalled() {
        boolean found = Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator))
                .anyMatch(path -> Files.isExecutable(Path.of(path, "fio")));
        assumeTrue(found, "fio is not installed: the comparison with it is skipped");
    }

    @Test
    void exampleJobFiles_areAcceptedByBoth() throws IOException {
        List<Path> examples = examples();

        assertThat(examples).isNotEmpty();
        for (Path example : examples) {
            assertThat(JobFile.parse(example, Strictness.STRICT).jobs()).isNotEmpty();
            assertThat(fio("--parse-only", "--size=1g", "--filename=x", example.toString()))
                    .doesNotContain("dropped")
                    .doesNotContain("Bad option");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"4k", "4kb", "4ki", "4kib", "4KiB", "1m", "1mi", "1mib", "0x1000", "4096b", "1g", "3t", "1p"})
    void size_isTheSameNumber(String text) throws IOException {
        assertThat(FioUnits.bytes("size", text)).isEqualTo(parsedByFio("size", text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10", "10s", "100ms", "100msec", "10us", "5m", "1M", "1h", "1d"})
    void runtime_isTheSameNumber(String text) throws IOException {
        assertThat(FioUnits.durationNs("runtime", text) / 1000).isEqualTo(parsedByFio("runtime", text));
    }

    @Test
    void everyOptionOfThisFio_isKnownByName() throws IOException {
        List<String> names = fio("--cmdhelp=all")
                .lines()
                .map(line -> line.split(":")[0].strip())
                .filter(name -> name.matches("[a-z][a-z0-9_]*"))
                .toList();

        assertThat(names).hasSizeGreaterThan(150);
        assertThat(names)
                .allSatisfy(name -> assertThat(JobOption.judge(JobOption.canonical(name)))
                        .isNotEqualTo(java.util.Optional.of(JobWarning.Kind.UNKNOWN)));
    }

    private long parsedByFio(String option, String text) throws IOException {
        Path job = Files.write(folder.resolve("x.fio"), List.of("[x]", option + "=" + text));
        Matcher matcher = PARSED.matcher(fio("--debug=parse", "--parse-only", job.toString()));
        assertThat(matcher.find()).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    private String fio(String... arguments) throws IOException {
        List<String> command =
                Stream.concat(Stream.of("fio"), Stream.of(arguments)).toList();
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static List<Path> examples() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(root.resolve("docs/examples"))) {
            root = root.getParent();
        }
        try (Stream<Path> files = Files.list(root.resolve("docs/examples"))) {
            return files.filter(file -> file.toString().endsWith(".fio")).toList();
        }
    }
}
