package ringside.harness.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ringside.harness.HarnessException;
import ringside.harness.suite.Option;
import ringside.harness.suite.SuiteFile;
import ringside.harness.suite.SuiteSpec;
import ringside.harness.sweep.Cell;
import ringside.harness.sweep.Cells;

class TargetRulesTest {
    private static final String JOB = "job: {rw: randread, runtime: 1, time_based: 1}\n";

    @TempDir
    Path temp;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {target: vhost-user}                                  | it has neither
                    {target: vhost-user, server: qsd-null, socket: /s}    | it has both
                    {target: vhost-user, server: nobody}                  | unknown server 'nobody'
                    {server: qsd-null}                                    | belong to target: vhost-user
                    {server-cpus: 0}                                      | server-cpus belongs to target: vhost-user
                    {target: vhost-user, server: qsd-null, disks: 2}      | has one disk
                    """)
    void targetThatMakesNoSense_isRefusedInOneLine(String machine, String message) {
        assertThatThrownBy(() -> prepared("machine: " + machine + "\n" + JOB))
                .isInstanceOf(HarnessException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    @Test
    void fioWithoutRuntime_isRefused() {
        assertThatThrownBy(() -> prepared("machine: {target: fio}\njob: {rw: read}\n"))
                .hasMessageContaining("needs a runtime");
    }

    @Test
    void missingProgramAndCpu_areSkippedWithOneLineEach() {
        PreparedSuite suite = prepared("""
                servers: {gone: "no-such-program {socket}"}
                machine: {target: vhost-user, server: ringside-null}
                axes: {server: [ringside-null, gone], server-cpus: [any, 4000]}
                """ + JOB);

        assertThat(suite.runnable()).extracting(Cell::id).containsExactly("ringside-null_any");
        assertThat(suite.warnings())
                .hasSize(2)
                .anySatisfy(line -> assertThat(line).contains("gone_any").contains("no-such-program is not installed"))
                .anySatisfy(line ->
                        assertThat(line).contains("2 cells are skipped").contains("server-cpus=4000 names a CPU"));
    }

    @Test
    void suiteOfSkippedCellsOnly_isRefusedWhenItBegins() {
        PreparedSuite suite = prepared(
                "servers: {gone: \"no-such-program {socket}\"}\nmachine: {target: vhost-user, server: gone}\n" + JOB);

        assertThatThrownBy(() -> RunFolders.begin(temp.resolve("out"), suite))
                .isInstanceOf(HarnessException.class)
                .hasMessageContaining("can run on this host")
                .hasMessageContaining("no-such-program");
    }

    @Test
    void imageIsNeeded_whereTheTemplateNamesIt() {
        assertThat(usesImage("target", "vhost-user", "server", "qsd-raw")).isTrue();
        assertThat(usesImage("target", "vhost-user", "server", "qsd-null")).isFalse();
        assertThat(usesImage("target", "vhost-user", "server", "", "socket", "/s"))
                .isFalse();
        assertThat(usesImage("target", "fio", "driver", "null")).isTrue();
        assertThat(usesImage("target", "machine", "driver", "null")).isFalse();
    }

    @Test
    void fio_mayUseTheCpusOfLoadAndServer() {
        assertThat(TargetRules.allCpus(Map.of("client-cpus", "0", "server-cpus", "1,2-3")))
                .isEqualTo("0,1,2,3");
        assertThat(TargetRules.allCpus(Map.of("client-cpus", "0", "server-cpus", "any")))
                .isEqualTo("any");
    }

    @Test
    void serverBesideItsLoad_followsTheLoad() {
        SuiteSpec moved = SuiteFile.load("peers").with(Option.CLIENT_CPUS, List.of("2"));
        List<Cell> onOne = Cells.of(moved).stream()
                .filter(cell -> cell.id().contains("1cpu"))
                .toList();

        assertThat(onOne)
                .isNotEmpty()
                .allSatisfy(cell ->
                        assertThat(TargetRules.serverCpus(cell.options())).isEqualTo("2"));
    }

    @Test
    void imageFolder_getsItsOwnScratchImageBesideTheUsersImage() throws IOException {
        Path image = Files.write(temp.resolve("disk.raw"), new byte[1 << 20]);
        SuiteSpec spec =
                SuiteFile.parse("disk: {cache: writeback}\naxes: {image-dir: [" + temp + "]}\n" + JOB, "suite.yaml");

        PreparedSuite suite = PreparedSuite.of(new RunRequest("s", spec, List.of(image), List.of(), false, List.of()));

        assertThat(suite.imageFolders()).isEqualTo(Map.of(temp.toString(), 1));
        assertThat(suite.scratchImages()).isZero();
    }

    @Test
    void privateFolder_ofADeadRunIsRemovedThatOfALivingOneIsKept() throws IOException {
        Path dead = Files.createDirectory(temp.resolve(PrivateFolder.PREFIX + "1"));
        Files.createFile(dead.resolve(".lock"));
        Files.write(dead.resolve("scratch0.raw"), new byte[10]);
        try (PrivateFolder living = PrivateFolder.make(temp)) {
            assertThat(dead).doesNotExist();
            PrivateFolder.make(temp).close();
            assertThat(living.path()).exists();
        }
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void peersSuite_takesOneMoreSocketInEveryCase() {
        SuiteSpec suite = SuiteFile.load("peers").withPeer("spdk", "/var/tmp/vhost.0");

        PreparedSuite prepared =
                PreparedSuite.of(new RunRequest("peers", suite, List.of(), List.of(), false, List.of()));

        List<Cell> added = prepared.cells().values().stream()
                .filter(cell -> cell.id().endsWith("_spdk"))
                .toList();
        assertThat(added).hasSize(suite.axes().get("case").size());
        assertThat(added)
                .allSatisfy(cell -> assertThat(cell.options())
                        .containsEntry("socket", "/var/tmp/vhost.0")
                        .containsEntry("target", "vhost-user")
                        .containsEntry("server", ""));
        assertThatThrownBy(() -> suite.withPeer("qsd", "/s")).hasMessageContaining("has a peer 'qsd' already");
        assertThatThrownBy(() -> SuiteFile.load("quick").withPeer("a", "/s"))
                .hasMessageContaining("has no axis 'peer'");
    }

    private static boolean usesImage(String... pairs) {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            options.put(pairs[i], pairs[i + 1]);
        }
        return TargetRules.usesImage(options, Map.of());
    }

    private static PreparedSuite prepared(String yaml) {
        return PreparedSuite.of(
                new RunRequest("s", SuiteFile.parse(yaml, "suite.yaml"), List.of(), List.of(), false, List.of()));
    }
}
