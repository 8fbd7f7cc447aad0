package ringside.harness.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.harness.HarnessException;
import ringside.harness.results.Compared;

class SuiteFileTest {
    @TempDir
    Path temp;

    @Test
    void completeSuite_isRead() throws IOException {
        SuiteSpec suite = load("""
                name: mine
                title: My suite
                repeats: 5
                seed: 7
                machine: {disks: 2, poll-max-ns: 50us}
                disk: {driver: raw, size: 2G}
                job: {rw: randread, bs: 4k}
                axes:
                  threading: [big-lock, iothread]
                  driver: [null, raw]
                  latency-ns: 500us
                exclude:
                  - {threading: iothread, driver: raw}
                compare: {axis: driver, baseline: raw, contender: null}
                """);

        assertThat(suite.repeats()).isEqualTo(5);
        assertThat(suite.seed()).isEqualTo(7);
        assertThat(suite.settings())
                .containsEntry("disks", "2")
                .containsEntry("disk-size", "2G")
                .containsEntry("bs", "4k")
                .doesNotContainKey("driver");
        assertThat(suite.axes().keySet()).containsExactly("threading", "driver", "latency-ns");
        assertThat(suite.axes()).containsEntry("driver", List.of("null", "raw"));
        assertThat(suite.axes()).containsEntry("latency-ns", List.of("500us"));
        assertThat(suite.compare()).isEqualTo(new Compared("driver", "raw", "null"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"quick", "whitepaper", "peers", "qcow2", "qcow2-locking"})
    void builtInSuite_survivesWritingAndReading(String name) {
        SuiteSpec suite = SuiteFile.load(name);

        assertThat(SuiteFile.parse(SuiteText.of(suite), "suite.yaml")).isEqualTo(suite);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    axes: {threading: [big-lok]}      | 1: threading: unknown threading preset 'big-lok': use big-lock
                    axes: {disks: []}                 | axis 'disks' is empty
                    axes: {bs: }                      | axis 'bs' is empty
                    axes: {colour: [red]}             | unknown axis 'colour': use one of threading,
                    axes: {bs: [4q]}                  | bs: '4q' is not a size
                    axes: {bs: [4k, 4k]}              | lists '4k' twice
                    machine: {poll-max-ns: 3 weeks}   | is not a duration
                    machine: {bs: 4k}                 | unknown option 'bs'
                    machine: {disks: 0}               | whole number of at least 1
                    disk: {cache: fast}               | unknown cache mode 'fast'
                    reapeats: 3                       | unknown key 'reapeats'
                    repeats: many                     | repeats must be a whole number
                    repeats: 0                        | repeats must be 1..10000
                    exclude: [{colour: red}]          | unknown option in exclude 'colour'
                    name: a/b                         | must consist of letters
                    compare: {axis: threading}        | compare needs axis, baseline and contender
                    extends: nothing-there            | extends unknown suite 'nothing-there'
                    machine: {target: cloud}          | unknown target 'cloud': use machine or vhost-user or fio
                    machine: {server-cpus: two}       | 'two' is not a list of CPUs
                    servers: {a: "vub {image}"}       | server 'a': the command has no {socket}
                    servers: {a: "vub {soket}"}       | server 'a': unknown placeholder {soket}: use aio,
                    [1, 2]                            | a suite must be a map
                    adjust: [{when: {disks: 1}}]      | needs exactly 'when' and 'set'
                    """)
    void badSuite_isRefusedInOneLineWithFileAndLine(String yaml, String message) throws IOException {
        Path file = write("bad.yaml", yaml);

        assertThatThrownBy(() -> SuiteFile.load(file.toString()))
                .isInstanceOf(HarnessException.class)
                .hasMessageContaining(message)
                .hasMessageMatching(".*bad\\.yaml:1: .*")
                .hasMessageNotContaining("\n");
    }

    @Test
    void doubledKey_isRefusedWithItsLine() throws IOException {
        Path file = write("bad.yaml", "repeats: 1\nname: a\nrepeats: 2\n");

        assertThatThrownBy(() -> SuiteFile.load(file.toString()))
                .hasMessageContaining("bad.yaml:3: ")
                .hasMessageContaining("repeats");
    }

    @Test
    void brokenYaml_isRefusedInOneLine() throws IOException {
        Path file = write("bad.yaml", "name: [unclosed\nrepeats: 1\n");

        assertThatThrownBy(() -> SuiteFile.load(file.toString()))
                .isInstanceOf(HarnessException.class)
                .hasMessageContaining("bad.yaml:")
                .hasMessageNotContaining("\n");
    }

    @Test
    void alias_isRefused() throws IOException {
        Path file = write("bad.yaml", "name: &n quick\ntitle: *n\n");

        assertThatThrownBy(() -> SuiteFile.load(file.toString())).hasMessageContaining("aliases are not supported");
    }

    @Test
    void emptyFile_isRefused() throws IOException {
        Path file = write("bad.yaml", "\n");

        assertThatThrownBy(() -> SuiteFile.load(file.toString())).hasMessageContaining("the file is empty");
    }

    @Test
    void cycle_isRefusedNamingTheChain() throws IOException {
        Path a = write("a.yaml", "extends: b.yaml\n");
        write("b.yaml", "extends: a.yaml\n");

        assertThatThrownBy(() -> SuiteFile.load(a.toString()))
                .hasMessageContaining("cycle")
                .hasMessageMatching(".*a\\.yaml -> .*b\\.yaml -> .*a\\.yaml");
    }

    @Test
    void extendingSuite_changesOnlyWhatItSays() throws IOException {
        Path file = write("mine.yaml", "extends: quick\nrepeats: 9\nmachine: {threading: main-loop}\n");

        SuiteSpec suite = SuiteFile.load(file.toString());

        assertThat(suite.repeats()).isEqualTo(9);
        assertThat(suite.settings()).containsEntry("threading", "main-loop").containsEntry("rw", "randread");
        assertThat(suite.axes()).containsOnlyKeys("driver");
    }

    @Test
    void unknownSuite_namesTheKnownOnes() {
        assertThatThrownBy(() -> SuiteFile.load("quik"))
                .hasMessageContaining("unknown suite 'quik'")
                .hasMessageContaining("quick or whitepaper");
    }

    private SuiteSpec load(String yaml) throws IOException {
        return SuiteFile.load(write("suite.yaml", yaml).toString());
    }

    private Path write(String name, String yaml) throws IOException {
        return Files.writeString(temp.resolve(name), yaml);
    }
}
