package ringside.emulator.block.qcow2.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.CacheMode;
import ringside.emulator.block.FileSpec;
import ringside.emulator.block.qcow2.QemuTools;
import ringside.emulator.block.qcow2.format.Qcow2Feature;
import ringside.emulator.block.qcow2.format.Qcow2Header;
import ringside.emulator.block.qcow2.tool.Qcow2Check.Repair;

/** The check finds what qemu-img finds, and what it mends qemu-img finds clean. */
class Qcow2CheckTest {
    private static final String IMAGE = "a.qcow2";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "compat=1.1",
                "compat=0.10",
                "cluster_size=512,refcount_bits=64",
                "cluster_size=4k,refcount_bits=32",
                "cluster_size=16k,extended_l2=on",
                "cluster_size=2M,refcount_bits=32"
            })
    void imagesOfQemu_areClean_withTheSameFigures(String options) throws IOException {
        make(options);
        CheckResult ours = check(Repair.NONE);
        assertThat(ours.messages()).isEmpty();
        assertThat(ours.clean()).isTrue();
        String theirs = QemuTools.img(folder, "check", "-f", "qcow2", "--output=json", IMAGE);
        assertThat(ours.allocatedClusters()).isEqualTo(number(theirs, "allocated-clusters"));
        assertThat(ours.totalClusters()).isEqualTo(number(theirs, "total-clusters"));
        assertThat(ours.compressedClusters()).isEqualTo(number(theirs, "compressed-clusters"));
        assertThat(ours.fragmentedClusters()).isEqualTo(number(theirs, "fragmented-clusters"));
        assertThat(ours.imageEndOffset()).isEqualTo(number(theirs, "image-end-offset"));
    }

    /** Two references do not fit in one bit: the cluster must not become free, nor its neighbour be changed. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void moreReferencesThanARefcountCanSay_areLeftAsMany(int bits) throws IOException {
        QemuTools.img(folder, "create", "-q", "-f", "qcow2", "-o", "refcount_bits=" + bits, IMAGE, "1M");
        QemuTools.io(folder, "-f", "qcow2", "-c", "write -P 1 0 512k", IMAGE);
        byte[] image = Files.readAllBytes(folder.resolve(IMAGE));
        ByteBuffer content = ByteBuffer.wrap(image);
        int l2 = (int) content.getLong((int) content.getLong(40)) & -512;
        long entry = content.getLong(l2);
        for (int i = 1; i < 5; i++) {
            content.putLong(l2 + 8 * i, entry);
        }
        Files.write(folder.resolve(IMAGE), image);

        assertThat(check(Repair.ALL).corruptions()).isPositive();
        byte[] mended = Files.readAllBytes(folder.resolve(IMAGE));
        int block = (int) content.getLong((int) content.getLong(48));
        int cluster = (int) (entry & 0x00ff_ffff_ffff_fe00L) >> 16;
        int most = (1 << bits) - 1;
        assertThat(mended[block + cluster * bits / 8] >> cluster * bits % 8 & most)
                .isEqualTo(most);
        int last = (int) (content.getLong(l2 + 8 * 7) & 0x00ff_ffff_ffff_fe00L) >> 16;
        assertThat(mended[block + last * bits / 8] >> last * bits % 8 & most).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cluster_size=64k", "cluster_size=512,refcount_bits=16", "cluster_size=4k,compat=0.10"})
    void wrongRefcounts_areCountedAsQemuCountsThem_andMended(String options) throws IOException {
        Random random = new Random(options.hashCode());
        for (int round = 0; round < 6; round++) {
            make(options);
            damageRefcounts(random);
            String theirs = QemuTools.check(folder, IMAGE);
            CheckResult ours = check(Repair.NONE);
            assertThat(ours.leaks())
                    .as("leaks: %s%n%s", ours.messages(), theirs)
                    .isEqualTo(number(theirs, "leaks"));
            assertThat(ours.corruptions() > 0).isEqualTo(number(theirs, "corruptions") > 0);
            CheckResult mended = check(Repair.ALL);
            assertThat(mended.clean()).as(mended.messages().toString()).isTrue();
            QemuTools.requireClean(folder, IMAGE);
        }
    }

    @Test
    void missingRefcountBlocks_areWrittenAnew() throws IOException {
        make("cluster_size=4k");
        byte[] before = content();
        withFile(file -> {
            Qcow2Header header = Qcow2Header.read(file, IMAGE);
            file.write(header.refcountTableOffsetBytes(), MemorySegment.ofArray(new byte[8]));
        });
        assertThat(check(Repair.NONE).corruptions()).isPositive();
        assertThat(check(Repair.ALL).clean()).isTrue();
        QemuTools.requireClean(folder, IMAGE);
        assertThat(content()).isEqualTo(before);
    }

    @Test
    void repairOfLeaks_leavesCorruptionsAlone() throws IOException {
        make("cluster_size=64k");
        withFile(file -> {
            Qcow2Header header = Qcow2Header.read(file, IMAGE);
            RecordedRefcounts recorded = new RecordedRefcounts(file, header);
            recorded.set(header.l1OffsetBytes() >>> 16, 0);
            recorded.set(5000, 3);
        });
        CheckResult result = check(Repair.LEAKS);
        assertThat(result.leaksFixed()).isEqualTo(1);
        assertThat(result.leaks()).isZero();
        assertThat(result.corruptions()).isEqualTo(1);
    }

    @Test
    void dirtyAndCorruptBits_goWhenTheImageIsInOrder() throws IOException {
        make("cluster_size=64k,lazy_refcounts=on");
        withFile(file -> {
            Qcow2Header header = Qcow2Header.read(file, IMAGE);
            header.set(Qcow2Feature.DIRTY, true);
            header.set(Qcow2Feature.CORRUPT, true);
            file.write(0, MemorySegment.ofArray(header.toCluster()));
        });
        check(Repair.ALL);
        withFile(file -> {
            Qcow2Header header = Qcow2Header.read(file, IMAGE);
            assertThat(header.has(Qcow2Feature.DIRTY)).isFalse();
            assertThat(header.has(Qcow2Feature.CORRUPT)).isFalse();
        });
    }

    @Test
    void anyDamagedWord_isAnsweredAndNeverGetsWorse() throws IOException {
        Random random = new Random(7);
        make("cluster_size=4k");
        byte[] whole = Files.readAllBytes(folder.resolve(IMAGE));
        for (int round = 0; round < 25; round++) {
            ByteBuffer damaged = ByteBuffer.wrap(whole.clone());
            int at = 4096 + random.nextInt(Math.min(whole.length, 40 << 10) - 8 - 4096) / 8 * 8;
            damaged.putLong(at, random.nextBoolean() ? random.nextLong() : random.nextInt(whole.length));
            Files.write(folder.resolve(IMAGE), damaged.array());
            CheckResult before = check(Repair.NONE);
            CheckResult after = check(Repair.ALL);
            assertThat(after.corruptions()).isLessThanOrEqualTo(before.corruptions());
        }
    }

    /** Data, a compressed part, zeroes, a snapshot and changes after it. */
    private void make(String options) throws IOException {
        byte[] data = new byte[3 << 20];
        new Random(3).nextBytes(data);
        java.util.Arrays.fill(data, 1 << 20, 2 << 20, (byte) 9);
        Files.write(folder.resolve("a.raw"), data);
        QemuTools.img(folder, "convert", "-f", "raw", "-O", "qcow2", "-c", "-o", options, "a.raw", IMAGE);
        QemuTools.io(folder, "-f", "qcow2", "-c", "write 100k 300k", "-c", "write -z 1M 128k", IMAGE);
        QemuTools.img(folder, "snapshot", "-c", "s", IMAGE);
        QemuTools.io(folder, "-f", "qcow2", "-c", "write 0 200k", "-c", "discard 2M 64k", IMAGE);
    }

    private void damageRefcounts(Random random) {
        withFile(file -> {
            Qcow2Header header = Qcow2Header.read(file, IMAGE);
            RecordedRefcounts recorded = new RecordedRefcounts(file, header);
            long clusters = header.geometry().clusters(file.lengthBytes());
            for (int i = 0; i < 4; i++) {
                recorded.set(random.nextLong(clusters), random.nextInt(4));
            }
        });
    }

    private byte[] content() throws IOException {
        QemuTools.img(folder, "convert", "-f", "qcow2", "-O", "raw", IMAGE, "out.raw");
        return Files.readAllBytes(folder.resolve("out.raw"));
    }

    private CheckResult check(Repair repair) {
        CheckResult[] result = new CheckResult[1];
        withFile(file -> result[0] = Qcow2Check.check(file, IMAGE, repair));
        return result[0];
    }

    private interface Use {
        void of(BlockFile file);
    }

    private void withFile(Use use) {
        BlockNodeSpec.Raw raw =
                new BlockNodeSpec.Raw(folder.resolve(IMAGE), CacheMode.WRITEBACK, AioKind.THREADS, false, false, true);
        try (BlockNode node = BlockNodes.open(new FileSpec(raw))) {
            use.of(node.file());
        }
    }

    private static long number(String json, String field) {
        Matcher matcher = Pattern.compile("\"" + field + "\": (\\d+)").matcher(json);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }
}
