package ringside.emulator.block.qcow2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.CacheMode;
import ringside.emulator.block.FileSpec;
import ringside.emulator.block.NodeFixture;
import ringside.emulator.block.Qcow2Options;
import ringside.emulator.block.Qcow2Spec;

/** Random requests on a loop, several at a time, and blocking ones beside them, against an array; qemu-img is the judge. */
@ParameterizedClass
@EnumSource
class Qcow2RandomTest {
    private static final int SECTOR = 512;
    private static final int DISK = (4 << 20) + 3 * SECTOR;
    private static final int ROUNDS = 60;

    @Parameter
    Qcow2Options.Continuation continuation;

    @TempDir
    private Path folder;

    private final byte[] model = new byte[DISK];
    private Random random;
    private NodeFixture fixture;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "compat=1.1",
                "compat=0.10",
                "cluster_size=512",
                "cluster_size=512,refcount_bits=64",
                "cluster_size=4k,refcount_bits=1",
                "cluster_size=4k,refcount_bits=64",
                "cluster_size=2M",
                "cluster_size=16k,extended_l2=on",
                "cluster_size=128k,extended_l2=on",
                "preallocation=metadata",
                "data_file=data.raw,data_file_raw=on",
                "data_file=data.raw,cluster_size=4k"
            })
    void plainImage_readsBackWhatWasWritten(String options) throws IOException {
        QemuTools.img(folder, "create", "-q", "-f", "qcow2", "-o", options, "a.qcow2", Integer.toString(DISK));
        exercise(options.hashCode());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "compat=1.1",
                "compat=0.10",
                "cluster_size=512",
                "cluster_size=32k,extended_l2=on",
                "cluster_size=1M"
            })
    void overlay_copiesOnWrite(String options) throws IOException {
        byte[] base = new byte[(3 << 20) + SECTOR];
        new Random(options.hashCode()).nextBytes(base);
        Files.write(folder.resolve("base.raw"), base);
        QemuTools.img(folder, "convert", "-f", "raw", "-O", "qcow2", "-c", "base.raw", "mid.qcow2");
        QemuTools.img(
                folder,
                "create",
                "-q",
                "-f",
                "qcow2",
                "-o",
                options,
                "-b",
                "mid.qcow2",
                "-F",
                "qcow2",
                "a.qcow2",
                Integer.toString(DISK));
        System.arraycopy(base, 0, model, 0, base.length);
        exercise(options.hashCode());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cluster_size=64k",
                "cluster_size=4k",
                "cluster_size=16k,extended_l2=on",
                "compression_type=zstd",
                "compression_type=zstd,cluster_size=4k"
            })
    void compressedImage_isReadAndOverwritten(String options) throws IOException {
        for (int i = 0; i < DISK; i++) {
            model[i] = (byte) (i / 777);
        }
        Files.write(folder.resolve("base.raw"), model);
        QemuTools.img(folder, "convert", "-f", "raw", "-O", "qcow2", "-c", "-o", options, "base.raw", "a.qcow2");
        exercise(options.hashCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"cluster_size=64k", "cluster_size=4k"})
    void snapshottedImage_leavesTheSnapshotAsItWas(String options) throws IOException {
        QemuTools.img(folder, "create", "-q", "-f", "qcow2", "-o", options, "a.qcow2", Integer.toString(DISK));
        exercise(1);
        byte[] before = model.clone();
        QemuTools.img(folder, "snapshot", "-c", "s", "a.qcow2");
        exercise(2);
        QemuTools.img(folder, "convert", "-l", "s", "-f", "qcow2", "-O", "raw", "a.qcow2", "snap.raw");
        assertThat(Files.readAllBytes(folder.resolve("snap.raw"))).isEqualTo(before);
    }

    private void exercise(int seed) throws IOException {
        random = new Random(seed);
        open();
        try {
            for (int round = 0; round < ROUNDS; round++) {
                round();
                if (random.nextInt(20) == 0) {
                    fixture.close();
                    QemuTools.requireClean(folder, "a.qcow2");
                    open();
                }
            }
            checkAll();
        } finally {
            fixture.close();
        }
        QemuTools.requireClean(folder, "a.qcow2");
        QemuTools.img(folder, "convert", "-f", "qcow2", "-O", "raw", "a.qcow2", "a.raw");
        assertThat(Arrays.mismatch(Files.readAllBytes(folder.resolve("a.raw")), model))
                .isEqualTo(-1);
    }

    private void open() {
        FileSpec file = new FileSpec(NodeFixture.raw(folder.resolve("a.qcow2"), CacheMode.WRITEBACK, AioKind.THREADS));
        fixture = new NodeFixture(BlockNodes.open(Qcow2Spec.of(file).with(Qcow2Options.DEFAULT.with(continuation))));
    }

    /** Some requests on disjoint ranges at a time, or one blocking call. */
    private void round() {
        if (random.nextInt(4) == 0) {
            blocking();
            return;
        }
        List<Runnable> checks = new ArrayList<>();
        int lanes = 1 + random.nextInt(6);
        int room = DISK / SECTOR / lanes;
        for (int lane = 0; lane < lanes; lane++) {
            int sectors = 1 + random.nextInt(random.nextBoolean() ? 16 : Math.min(400, room));
            int at = (lane * room + random.nextInt(room - sectors + 1)) * SECTOR;
            request(at, sectors * SECTOR, checks);
        }
        fixture.finish();
        checks.forEach(Runnable::run);
    }

    private void request(int at, int length, List<Runnable> checks) {
        NodeFixture.Request request = fixture.request();
        checks.add(() -> assertThat(request.error).isZero());
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> {
                MemorySegment data = segment(randomBytes(length));
                MemorySegment.copy(data, ValueLayout.JAVA_BYTE, 0, model, at, length);
                request.block.fua = random.nextInt(8) == 0;
                request.segments(halves(data)).submit(BlockOp.WRITE, at, length);
            }
            case 3, 4 -> {
                MemorySegment into = fixture.arena.allocate(length, 8).fill((byte) 0x55);
                request.segments(halves(into)).submit(BlockOp.READ, at, length);
                checks.add(() -> same(into.toArray(ValueLayout.JAVA_BYTE), at));
            }
            case 5 -> request.segments().submit(BlockOp.FLUSH, 0, 0);
            case 6 -> {
                request.block.mayUnmap = random.nextBoolean();
                request.segments().submit(BlockOp.WRITE_ZEROES, at, length);
                Arrays.fill(model, at, at + length, (byte) 0);
            }
            default -> {
                request.segments().submit(BlockOp.DISCARD, at, length);
                checks.add(() -> adopt(at, length));
            }
        }
    }

    private MemorySegment[] halves(MemorySegment whole) {
        long middle = whole.byteSize() / SECTOR / 2 * SECTOR;
        return middle == 0
                ? new MemorySegment[] {whole}
                : new MemorySegment[] {whole.asSlice(0, middle), whole.asSlice(middle)};
    }

    private void blocking() {
        int length = 1 + random.nextInt(200_000);
        int at = random.nextInt(DISK - length);
        if (random.nextBoolean()) {
            byte[] data = randomBytes(length);
            fixture.node.file().write(at, MemorySegment.ofArray(data));
            System.arraycopy(data, 0, model, at, length);
        } else {
            byte[] into = new byte[length];
            fixture.node.file().read(at, MemorySegment.ofArray(into));
            same(into, at);
        }
    }

    private byte[] randomBytes(int length) {
        byte[] data = new byte[length];
        random.nextBytes(data);
        return data;
    }

    private MemorySegment segment(byte[] data) {
        return fixture.arena.allocate(data.length, 8).copyFrom(MemorySegment.ofArray(data));
    }

    private void same(byte[] read, int at) {
        int difference = Arrays.mismatch(read, 0, read.length, model, at, at + read.length);
        assertThat(difference)
                .as("first difference of %d bytes from %d", read.length, at)
                .isEqualTo(-1);
    }

    /** A discarded sector reads as it did, or as zeroes. */
    private void adopt(int at, int length) {
        byte[] now = new byte[length];
        fixture.node.file().read(at, MemorySegment.ofArray(now));
        for (int i = 0; i < length; i += SECTOR) {
            boolean old = Arrays.equals(now, i, i + SECTOR, model, at + i, at + i + SECTOR);
            assertThat(old || Arrays.equals(now, i, i + SECTOR, new byte[SECTOR], 0, SECTOR))
                    .isTrue();
        }
        System.arraycopy(now, 0, model, at, length);
    }

    private void checkAll() {
        byte[] all = new byte[DISK];
        fixture.node.file().read(0, MemorySegment.ofArray(all));
        same(all, 0);
    }
}
