package ringside.harness.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.harness.HarnessException;
import ringside.harness.peer.Programs;
import ringside.harness.results.PlannedRun;
import ringside.harness.results.SanityCheck;
import ringside.harness.suite.ServerTemplates;
import ringside.harness.suite.SuiteFile;
import ringside.harness.suite.SuiteSpec;
import ringside.harness.sweep.Cell;
import ringside.harness.sweep.Cells;

/** Real runs against real peers, short: figures are only asked to be there and to fit together. */
@Timeout(120)
class PeerWorkerTest {
    private static final int IMAGE_BYTES = 1 << 20;

    @TempDir
    Path temp;

    private Path image;

    @BeforeEach
    void makeImage() throws IOException {
        byte[] data = new byte[IMAGE_BYTES];
        new Random(1).nextBytes(data);
        image = Files.write(temp.resolve("disk.raw"), data);
    }

    @Test
    void ringside_isServedMeasuredAndSaysWhatItsCollectorDid() {
        Measured run = run("{target: vhost-user, server: ringside-null, queues: 2, completion: poll, client-cpus: 0}");

        checkServed(run);
        assertThat(run.metrics()).containsKeys("server_gc_count", "server_gc_time", "server_gc_max_pause");
        assertThat(run.options().get("server-version")).startsWith("ringside ");
        assertThat(run.options().get("server-command")).contains("driver=null").contains("ringside.harness.cli.Main");
        assertThat(run.options())
                .doesNotContainKeys("threading", "vq-mapping", "case")
                .containsEntry("vcpus", "2");
    }

    @Test
    void storageDaemon_servesAnImage() {
        assumeTrue(Programs.present("qemu-storage-daemon"), Programs.missing("qemu-storage-daemon"));

        Measured run = run("{target: vhost-user, server: qsd-raw, event-idx: off}");

        checkServed(run);
        assertThat(run.options())
                .containsEntry("disk-size", Integer.toString(IMAGE_BYTES))
                .satisfies(options -> assertThat(options.get("server-version")).contains("qemu-storage-daemon"))
                .satisfies(options -> assertThat(options.get("virtio-features")).doesNotContain("EVENT_IDX"));
    }

    private static void checkServed(Measured run) {
        assertThat(failed(run)).isEmpty();
        assertThat(run.metrics().get("iops").value()).isPositive();
        assertThat(run.metrics().get("server_cpu_per_io").value()).isPositive();
        assertThat(run.metrics().get("client_cpu_per_io").value()).isPositive();
        assertThat(run.metrics().get("server_rss").value()).isGreaterThan(1 << 20);
        assertThat(run.metrics().get("lat_p99").value())
                .isGreaterThanOrEqualTo(run.metrics().get("lat_p50").value());
        assertThat(run.threadCpuNs().keySet()).anyMatch(name -> name.startsWith("server: "));
    }

    @Test
    void fio_runsTheJobOnTheFile() {
        assumeTrue(Programs.present("fio"), Programs.missing("fio"));

        Measured run = run("{target: fio}");

        assertThat(failed(run)).isEmpty();
        assertThat(run.metrics().get("iops").value()).isPositive();
        assertThat(run.histograms().get("lat").getTotalCount()).isPositive();
        assertThat(run.options().get("server-version")).startsWith("fio-");
        assertThat(run.options()).doesNotContainKeys("queues", "threading");
    }

    @Test
    void writersChangeTheImage_onlyWhereTheJobWrites() throws IOException {
        assumeTrue(Programs.present("qemu-storage-daemon"), Programs.missing("qemu-storage-daemon"));
        byte[] before = Files.readAllBytes(image);
        run("{target: vhost-user, server: qsd-raw}");
        assertThat(Files.readAllBytes(image)).isEqualTo(before);

        run("{target: vhost-user, server: qsd-raw}", "randwrite");

        assertThat(Files.readAllBytes(image)).isNotEqualTo(before);
    }

    @Test
    void serverThatCannotOpenItsImage_failsWithTheEndOfItsLog() throws IOException {
        Files.delete(image);

        assertThatThrownBy(() -> run("{target: vhost-user, server: ringside-raw}"))
                .isInstanceOf(HarnessException.class)
                .hasMessageContaining("server ringside-raw ended with exit code")
                .hasMessageContaining("disk.raw")
                .hasMessageNotContaining("\n");
    }

    @Test
    void socketWithoutAServer_failsInOneLine() {
        Path socket = temp.resolve("nobody.sock");

        assertThatThrownBy(() -> run("{target: vhost-user, socket: " + socket + "}"))
                .hasMessageContaining("nobody.sock")
                .hasMessageNotContaining("\n");
    }

    @Test
    void storageDaemon_servesQcow2() {
        assumeTrue(Programs.present("qemu-storage-daemon"), Programs.missing("qemu-storage-daemon"));
        ImageRecipe recipe = ImageRecipe.of(Map.of("driver", "qcow2", "image-fill", "none"), IMAGE_BYTES);

        try (ScratchImages images = ScratchImages.create(temp, 0, 1, recipe)) {
            image = Path.of(images.files().getFirst());
            Measured run = run("{target: vhost-user, server: qsd-qcow2}", "randwrite");

            checkServed(run);
            assertThat(run.options()).containsEntry("disk-size", Integer.toString(IMAGE_BYTES));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"callback", "virtual-thread"})
    void qcow2_isServedInEitherContinuation(String continuation) {
        ImageRecipe recipe = ImageRecipe.of(Map.of("driver", "qcow2", "image-fill", "none"), IMAGE_BYTES);
        String disk = "driver: qcow2, l2-cache-size: 64k, locking: sharded, continuation: " + continuation;

        try (ScratchImages images = ScratchImages.create(temp, 0, 1, recipe)) {
            image = Path.of(images.files().getFirst());
            Measured machine = run("{threading: iothread-vq-mapping, iothreads: 2, queues: 2}", "randrw", disk);
            Measured served = run("{target: vhost-user, server: ringside}", "randrw", disk);

            checkServed(served);
            assertThat(failed(machine)).isEmpty();
            assertThat(machine.options().get("disk0"))
                    .startsWith("driver=qcow2,")
                    .contains("locking=sharded", "continuation=" + continuation + ",");
            assertThat(served.options().get("server-command"))
                    .contains("l2-cache-size=65536", "continuation=" + continuation);
        }
    }

    @Test
    void nodeOfACell_isServedAsAMachineOpensIt() {
        String disk = "iops-total: 500, delay-average: 100us, driver: 'null'";

        Measured machine = run("{threading: iothread}", "randread", disk);
        Measured served = run("{target: vhost-user, server: ringside}", "randread", disk);

        String node = machine.options().get("disk0");
        assertThat(node).startsWith("driver=throttle,").contains("driver=delay,", "driver=null,");
        assertThat(served.options().get("server-command"))
                .contains("driver=throttle,limits.iops-total=500,file.driver=delay,");
        assertThat(machine.metrics().get("iops").value()).isPositive();
        assertThat(served.metrics().get("iops").value()).isPositive();
        assertThat(machine.options()).doesNotContainKeys("cluster-size", "locking", "bps-total", "blockdev");
    }

    @Test
    void templateOfACell_isItsNode() {
        String disk = "blockdev: 'driver=raw,cache={cache},file.driver=copy-on-read,file.file={image}'";
        assertThat(NodeText.of(cell("{}", "randread", disk).options(), "/i", false))
                .isEqualTo("driver=raw,cache=writeback,file.driver=copy-on-read,file.file=/i");

        Measured run = run(
                "{threading: iothread}",
                "randread",
                "blockdev: 'driver=delay,average=10us,file.driver=raw,file.read-only={read-only},file.file={image}'");

        assertThat(run.options().get("disk0")).startsWith("driver=delay,").contains("disk.raw");
        assertThat(run.metrics().get("iops").value()).isPositive();
    }

    private Measured run(String machine) {
        return run(machine, "randread");
    }

    private Measured run(String machine, String rw) {
        return run(machine, rw, "discard: ignore");
    }

    private static Cell cell(String machine, String rw, String disk) {
        SuiteSpec suite = SuiteFile.parse(
                "machine: " + machine + "\ndisk: {cache: writeback, " + disk + "}\njob: {rw: " + rw
                        + ", iodepth: 4, numjobs: 2, time_based: 1, ramp_time: 100ms, runtime: 300ms}\n",
                "suite.yaml");
        return Cells.of(suite).getFirst();
    }

    private Measured run(String machine, String rw, String disk) {
        Cell cell = cell(machine, rw, disk);
        String server = cell.options().get("server");
        RunSpec spec = new RunSpec(
                "test",
                new PlannedRun(0, "cell", 0, 1, Map.of()),
                cell.options(),
                "",
                false,
                List.of(image.toString()),
                true,
                temp.resolve("histogram.hlog").toString(),
                server.isEmpty() ? "" : ServerTemplates.find(server, Map.of()).text(),
                temp.resolve("server.log").toString(),
                "ringside run test",
                "0",
                "unknown");
        return WorkerRun.run(spec, _ -> {}, _ -> {}, _ -> {});
    }

    private static List<String> failed(Measured run) {
        return run.checks().stream()
                .filter(check -> !check.passed() && !check.name().equals("littles_law")) // a busy host fails that one
                .map(SanityCheck::detail)
                .toList();
    }
}
