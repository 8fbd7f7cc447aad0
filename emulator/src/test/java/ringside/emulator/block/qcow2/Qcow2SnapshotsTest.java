package ringside.emulator.block.qcow2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.CacheMode;
import ringside.emulator.block.FileSpec;
import ringside.emulator.block.Qcow2Spec;

/** Snapshots that we make, apply and delete, judged by qemu-img; and those of qemu-img, applied and deleted by us. */
class Qcow2SnapshotsTest {
    private static final int DISK = 2 << 20;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cluster_size=64k",
                "cluster_size=512",
                "cluster_size=4k,compat=0.10",
                "cluster_size=16k,extended_l2=on",
                "cluster_size=4k,refcount_bits=64"
            })
    void snapshots_comeAndGo_andTheDiskIsWhatItWas(String options) throws IOException {
        byte[] first = content(1, DISK);
        Files.write(folder.resolve("a.raw"), first);
        QemuTools.img(folder, "convert", "-f", "raw", "-O", "qcow2", "-o", options, "a.raw", "a.qcow2");
        snapshots(s -> s.create("one"));
        QemuTools.requireClean(folder, "a.qcow2");
        byte[] second = overwrite(first, 2);
        snapshots(s -> s.create("two"));
        QemuTools.requireClean(folder, "a.qcow2");
        assertThat(QemuTools.img(folder, "snapshot", "-l", "a.qcow2"))
                .contains("one")
                .contains("two");
        overwrite(second, 3);
        assertThat(disk("one")).isEqualTo(first);
        assertThat(disk("two")).isEqualTo(second);
        snapshots(s -> s.apply("1"));
        QemuTools.requireClean(folder, "a.qcow2");
        assertThat(disk(null)).isEqualTo(first);
        overwrite(first, 4);
        snapshots(s -> s.delete("one"));
        QemuTools.requireClean(folder, "a.qcow2");
        assertThat(disk("two")).isEqualTo(second);
        snapshots(s -> s.delete("two"));
        QemuTools.requireClean(folder, "a.qcow2");
        byte[] last = disk(null);
        assertThat(overwrite(last, 5)).isEqualTo(disk(null));
        QemuTools.requireClean(folder, "a.qcow2");
    }

    @Test
    void snapshotsOfQemu_areAppliedAndDeleted() throws IOException {
        byte[] first = content(1, DISK);
        Files.write(folder.resolve("a.raw"), first);
        QemuTools.img(folder, "convert", "-f", "raw", "-O", "qcow2", "-c", "a.raw", "a.qcow2");
        QemuTools.img(folder, "snapshot", "-c", "theirs", "a.qcow2");
        overwrite(first, 2);
        snapshots(s -> {
            assertThat(s.list().getFirst().name()).isEqualTo("theirs");
            s.apply("theirs");
        });
        QemuTools.requireClean(folder, "a.qcow2");
        assertThat(disk(null)).isEqualTo(first);
        snapshots(s -> s.delete("theirs"));
        QemuTools.requireClean(folder, "a.qcow2");
        assertThat(disk(null)).isEqualTo(first);
    }

    @Test
    void narrowRefcounts_refuseASnapshot_andNothingChanges() {
        QemuTools.img(folder, "create", "-q", "-f", "qcow2", "-o", "refcount_bits=1", "a.qcow2", "2M");
        overwrite(new byte[DISK], 1);
        assertThatThrownBy(() -> snapshots(s -> s.create("no"))).hasMessageContaining("refcount_bits");
        QemuTools.requireClean(folder, "a.qcow2");
    }

    /** Writes go to the data file in place, so that a snapshot would change with the disk. */
    @Test
    void dataFile_hasNoSnapshots() {
        QemuTools.img(folder, "create", "-q", "-f", "qcow2", "-o", "data_file=a.data", "a.qcow2", "2M");
        assertThatThrownBy(() -> snapshots(s -> s.create("no"))).hasMessageContaining("external data file");
        QemuTools.requireClean(folder, "a.qcow2");
    }

    @Test
    void nameThatDoesNotFitInTheTable_isRefused() {
        QemuTools.img(folder, "create", "-q", "-f", "qcow2", "a.qcow2", "2M");
        assertThatThrownBy(() -> snapshots(s -> s.create("x".repeat(65536))))
                .hasMessageContaining("at most 65535 bytes");
        snapshots(s -> s.create("x".repeat(65535)));
        snapshots(s -> s.create("second"));
        snapshots(s -> assertThat(s.list().getLast().name()).isEqualTo("second"));
        QemuTools.requireClean(folder, "a.qcow2");
    }

    /** A compressed cluster of the file that holds two of the disk has two references, and a snapshot would add two. */
    @Test
    void snapshotThatGivesAClusterTooManyReferences_isRefused_andNothingIsLeaked() throws IOException {
        byte[] content = content(1, 8192);
        Arrays.fill(content, 1000, 4096, (byte) 0);
        Arrays.fill(content, 5000, 8192, (byte) 0);
        Files.write(folder.resolve("a.raw"), content);
        String options = "cluster_size=4k,refcount_bits=2";
        QemuTools.img(folder, "convert", "-c", "-f", "raw", "-O", "qcow2", "-o", options, "a.raw", "a.qcow2");

        assertThatThrownBy(() -> snapshots(s -> s.create("no"))).hasMessageContaining("refcount_bits");

        QemuTools.requireClean(folder, "a.qcow2");
    }

    /** What the active image has would be free for others when the snapshot gives up what is no longer counted. */
    @Test
    void deleteInAnImageWithWrongRefcounts_isRefusedUntilItIsRepaired() throws IOException {
        Files.write(folder.resolve("a.raw"), content(1, DISK));
        QemuTools.img(folder, "convert", "-f", "raw", "-O", "qcow2", "a.raw", "a.qcow2");
        snapshots(s -> s.create("one"));
        byte[] image = Files.readAllBytes(folder.resolve("a.qcow2"));
        for (int at = 2 << 16; at < 3 << 16; at += 2) {
            image[at + 1] = image[at + 1] == 2 ? 1 : image[at + 1];
        }
        Files.write(folder.resolve("a.qcow2"), image);

        assertThatThrownBy(() -> snapshots(s -> s.delete("one"))).hasMessageContaining("check -r all");
        assertThatThrownBy(() -> snapshots(s -> s.apply("one"))).hasMessageContaining("check -r all");

        assertThat(Files.readAllBytes(folder.resolve("a.qcow2"))).isEqualTo(image);
        QemuTools.check(folder, "a.qcow2");
    }

    @Test
    void placeOfASnapshotsTableThatIsSaidToBeFree_isNotTaken() throws IOException {
        QemuTools.img(folder, "create", "-q", "-f", "qcow2", "a.qcow2", "2M");
        snapshots(s -> s.create("one"));
        byte[] image = Files.readAllBytes(folder.resolve("a.qcow2"));
        long table = ByteBuffer.wrap(image).getLong(64); // of snapshots; its first entry begins with its L1
        int l1 = (int) (ByteBuffer.wrap(image).getLong((int) table) >>> 16);
        image[(2 << 16) + 2 * l1 + 1] = 0;
        Files.write(folder.resolve("a.qcow2"), image);

        try (BlockNode node = BlockNodes.open(spec())) {
            assertThatThrownBy(() -> node.file().write(0, MemorySegment.ofArray(new byte[512])))
                    .hasMessageContaining("holds metadata");
        }
    }

    @Test
    void unknownSnapshot_isRefusedByName() {
        QemuTools.img(folder, "create", "-q", "-f", "qcow2", "a.qcow2", "2M");
        assertThatThrownBy(() -> snapshots(s -> s.delete("none"))).hasMessageContaining("has no snapshot 'none'");
    }

    private static byte[] content(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private interface Use {
        void of(Qcow2Snapshots snapshots);
    }

    private void snapshots(Use use) {
        try (Qcow2Snapshots snapshots = Qcow2Snapshots.open(spec())) {
            use.of(snapshots);
        }
    }

    private Qcow2Spec spec() {
        return Qcow2Spec.of(new FileSpec(new BlockNodeSpec.Raw(
                folder.resolve("a.qcow2"), CacheMode.WRITEBACK, AioKind.THREADS, false, false, true)));
    }

    private byte[] overwrite(byte[] before, int seed) {
        byte[] after = before.clone();
        Random random = new Random(seed);
        try (BlockNode node = BlockNodes.open(spec())) {
            for (int i = 0; i < 20; i++) {
                byte[] part = content(random.nextInt(), 1 + random.nextInt(60_000));
                int at = random.nextInt(DISK - part.length);
                node.file().write(at, MemorySegment.ofArray(part));
                System.arraycopy(part, 0, after, at, part.length);
            }
        }
        return after;
    }

    private byte[] disk(String snapshot) throws IOException {
        String[] plain = {"convert", "-f", "qcow2", "-O", "raw", "a.qcow2", "out.raw"};
        String[] named = {"convert", "-l", snapshot, "-f", "qcow2", "-O", "raw", "a.qcow2", "out.raw"};
        QemuTools.img(folder, snapshot == null ? plain : named);
        return Arrays.copyOf(Files.readAllBytes(folder.resolve("out.raw")), DISK);
    }
}
