package ringside.emulator.block.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlkdebugSpec;
import ringside.emulator.block.BlockEvent;
import ringside.emulator.block.BlockIoException;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.CacheMode;
import ringside.emulator.block.FileSpec;
import ringside.emulator.block.Qcow2Backing;
import ringside.emulator.block.Qcow2Options;
import ringside.emulator.block.Qcow2Spec;
import ringside.emulator.block.filter.FilterFixture;
import ringside.emulator.block.qcow2.Qcow2Snapshots;
import ringside.emulator.block.qcow2.QemuTools;
import ringside.emulator.block.qcow2.format.CompressionType;
import ringside.emulator.block.qcow2.tool.CheckResult;
import ringside.emulator.block.qcow2.tool.CreateOptions;
import ringside.emulator.block.qcow2.tool.Qcow2Check;
import ringside.emulator.block.qcow2.tool.Qcow2Create;
import ringside.emulator.ffi.Errno;

/**
 * Every step that qcow2 takes, broken: an operation fails, but the image has no corruption afterwards (leaks at worst, which a repair
 * removes), and holds what was flushed. In the manner of QEMU's iotest 026.
 */
class ErrorMatrixTest {
    private static final int DISK = 4 << 20;
    private static final int LARGER_DISK = 8 << 20;
    private static final int OPERATIONS = 160;

    private static final List<BlockEvent> EVENTS = List.of(
            BlockEvent.L1_UPDATE,
            BlockEvent.L1_GROW_ALLOC_TABLE,
            BlockEvent.L1_GROW_WRITE_TABLE,
            BlockEvent.L1_GROW_ACTIVATE_TABLE,
            BlockEvent.L2_LOAD,
            BlockEvent.L2_UPDATE,
            BlockEvent.L2_ALLOC_COW_READ,
            BlockEvent.L2_ALLOC_WRITE,
            BlockEvent.READ_AIO,
            BlockEvent.READ_BACKING_AIO,
            BlockEvent.WRITE_AIO,
            BlockEvent.COW_READ,
            BlockEvent.COW_WRITE,
            BlockEvent.REFTABLE_GROW,
            BlockEvent.REFBLOCK_LOAD,
            BlockEvent.REFBLOCK_UPDATE_PART,
            BlockEvent.REFBLOCK_ALLOC,
            BlockEvent.REFBLOCK_ALLOC_HOOKUP,
            BlockEvent.REFBLOCK_ALLOC_WRITE,
            BlockEvent.REFBLOCK_ALLOC_WRITE_BLOCKS,
            BlockEvent.REFBLOCK_ALLOC_WRITE_TABLE,
            BlockEvent.REFBLOCK_ALLOC_SWITCH_TABLE,
            BlockEvent.CLUSTER_ALLOC,
            BlockEvent.CLUSTER_FREE,
            BlockEvent.FLUSH_TO_OS,
            BlockEvent.FLUSH_TO_DISK,
            BlockEvent.PWRITEV,
            BlockEvent.PWRITEV_ZERO,
            BlockEvent.PWRITEV_DONE);

    @TempDir
    private static Path folder;

    /** The image before each case, with the smallest clusters and with some that are written in parts; and what it holds. */
    private static byte[] prepared;

    private static byte[] preparedLarge;

    private static byte[] content;

    /** A case of the matrix. */
    record Case(BlockEvent event, int errno, boolean once, boolean onLoop) {
        @Override
        public String toString() {
            return "%s, errno %d, %s, %s"
                    .formatted(event.label(), errno, once ? "once" : "always", onLoop ? "on a loop" : "blocking");
        }
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (BlockEvent event : EVENTS) {
            for (int errno : new int[] {Errno.EIO, Errno.ENOSPC}) {
                boolean first = errno == Errno.EIO;
                for (boolean once : new boolean[] {true, false}) {
                    cases.add(new Case(event, errno, once, first));
                    if (Boolean.getBoolean("ringside.proof.full")) {
                        cases.add(new Case(event, errno, once, !first));
                    }
                }
            }
        }
        return cases.stream();
    }

    /** The widest refcounts, so that all tables have to grow; a snapshot and a backing file. */
    @BeforeAll
    static void prepare() throws IOException {
        byte[] base = new byte[DISK];
        for (int block = 0; block < DISK / Possible.BLOCK; block++) {
            Arrays.fill(base, block * Possible.BLOCK, (block + 1) * Possible.BLOCK, (byte) (1 + block % 100));
        }
        Files.write(folder.resolve("base"), base);
        content = base.clone();
        Arrays.fill(content, 0, 3 * DISK / 8, (byte) 101);
        prepared = image(512);
        preparedLarge = image(4096);
    }

    private static byte[] image(int clusterBytes) throws IOException {
        FileSpec file = file("prepared");
        Files.write(folder.resolve("prepared"), new byte[0]);
        try (BlockNode node = BlockNodes.open(file)) {
            Qcow2Create.create(
                    node.file(),
                    Optional.empty(),
                    new CreateOptions(
                            DISK,
                            3,
                            clusterBytes,
                            64,
                            false,
                            false,
                            CreateOptions.Preallocation.OFF,
                            CompressionType.ZLIB,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            false));
        }
        try (BlockNode node = BlockNodes.open(image(file))) {
            node.file().write(0, MemorySegment.ofArray(Arrays.copyOf(content, 3 * DISK / 8)));
        }
        try (Qcow2Snapshots snapshots = Qcow2Snapshots.open(image(file))) {
            snapshots.create("before");
        }
        return Files.readAllBytes(folder.resolve("prepared"));
    }

    private static FileSpec file(String name) {
        return new FileSpec(
                new BlockNodeSpec.Raw(folder.resolve(name), CacheMode.UNSAFE, AioKind.THREADS, false, false, true));
    }

    private static Qcow2Spec image(BlockNodeSpec file) {
        BlockNodeSpec.Raw base =
                new BlockNodeSpec.Raw(folder.resolve("base"), CacheMode.WRITEBACK, AioKind.THREADS, false, true, false);
        return new Qcow2Spec(file, new Qcow2Backing.Node(base), Optional.empty(), Qcow2Options.DEFAULT);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void brokenStep_isAnErrorAndNeverACorruption(Case broken) throws IOException {
        Files.write(folder.resolve("case"), broken.event() == BlockEvent.COW_READ ? preparedLarge : prepared);
        BlkdebugSpec.Injection fault =
                new BlkdebugSpec.Injection(broken.event().label(), 0, List.of(), broken.errno(), -1, broken.once(), 0);
        Possible possible = new Possible(content);
        Workload workload = new Workload(possible, broken.onLoop());

        try (FilterFixture f = new FilterFixture(image(new BlkdebugSpec(file("case"), List.of(fault), List.of(), 0)))) {
            workload.run(f);
        } catch (BlockIoException _) {
            workload.failures++; // the last metadata could not be written
        }

        assertThat(workload.failures).as("the event was reached").isPositive();
        if (broken.once() && broken.errno() == Errno.EIO) {
            assertThat(QemuTools.check(folder, "case")).doesNotContain("\"corruptions\"");
        }
        CheckResult found = checkAndMendLeaks();
        assertThat(found.corruptions() + found.corruptionsFixed())
                .as(found.messages().toString())
                .isZero();
        assertThat(found.leaks()).isZero();
        assertHolds(possible);
    }

    private static CheckResult checkAndMendLeaks() {
        try (BlockNode node = BlockNodes.open(file("case"))) {
            return Qcow2Check.check(node.file(), "case", Qcow2Check.Repair.LEAKS);
        }
    }

    private static void assertHolds(Possible possible) {
        byte[] now = new byte[DISK];
        try (BlockNode node = BlockNodes.open(image(file("case")))) {
            node.file().read(0, MemorySegment.ofArray(now));
        }
        assertThat(possible.firstWrong(now)).as("first block that was lost").isEqualTo(-1);
    }

    /** Reads, writes, zeroes, discards, flushes and a resize, of which some fail. */
    private static final class Workload {
        private final Possible possible;
        private final boolean onLoop;
        private final Random random = new Random(26);
        private int failures;

        Workload(Possible possible, boolean onLoop) {
            this.possible = possible;
            this.onLoop = onLoop;
        }

        void run(FilterFixture f) {
            for (int i = 0; i < OPERATIONS; i++) {
                int blocks = 1 + random.nextInt(24);
                long offset = (long) Possible.BLOCK * random.nextInt(DISK / Possible.BLOCK - blocks);
                operation(f, i, offset, blocks * Possible.BLOCK);
            }
            grow(f);
            flush(f);
        }

        private void operation(FilterFixture f, int number, long offset, int length) {
            switch (number % 10) {
                case 0, 1, 2, 3, 4 -> {
                    byte value = (byte) (110 + number % 100);
                    MemorySegment data = f.filled(length, value);
                    possible.written(offset, length, value, run(f, BlockOp.WRITE, offset, data, length));
                }
                case 5 ->
                    possible.written(offset, length, (byte) 0, run(f, BlockOp.WRITE_ZEROES, offset, null, length));
                case 6 -> {
                    run(f, BlockOp.DISCARD, offset, null, length);
                    possible.discarded(offset, length);
                }
                case 7, 8 -> read(f, offset, length);
                default -> flush(f);
            }
        }

        private void read(FilterFixture f, long offset, int length) {
            MemorySegment into = f.filled(length, 0);
            if (run(f, BlockOp.READ, offset, into, length)) {
                byte[] seen = into.toArray(ValueLayout.JAVA_BYTE);
                assertThat(possible.firstUnexpected(seen, offset)).isEqualTo(-1);
            }
        }

        private void flush(FilterFixture f) {
            if (run(f, BlockOp.FLUSH, 0, null, 0)) {
                possible.flushed();
            }
        }

        private void grow(FilterFixture f) {
            try {
                f.node.resize(LARGER_DISK);
            } catch (BlockIoException | UncheckedIOException | IllegalArgumentException _) {
                failures++;
            }
        }

        private boolean run(FilterFixture f, BlockOp op, long offset, MemorySegment data, int length) {
            int error = onLoop ? request(f, op, offset, data, length) : call(f, op, offset, data, length);
            failures += error == 0 ? 0 : 1;
            return error == 0;
        }

        private static int request(FilterFixture f, BlockOp op, long offset, MemorySegment data, int length) {
            return data == null ? f.run(op, offset, length) : f.run(op, offset, length, data);
        }

        private static int call(FilterFixture f, BlockOp op, long offset, MemorySegment data, int length) {
            try {
                switch (op) {
                    case READ -> f.node.file().read(offset, data);
                    case WRITE -> f.node.file().write(offset, data);
                    case WRITE_ZEROES -> f.node.file().writeZeroes(offset, length, false);
                    case DISCARD -> f.node.file().discard(offset, length);
                    default -> f.node.file().flush();
                }
                return 0;
            } catch (BlockIoException e) {
                return e.errno();
            }
        }
    }
}
