package ringside.emulator.block.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.CacheMode;
import ringside.emulator.block.FileSpec;
import ringside.emulator.block.Qcow2Caches;
import ringside.emulator.block.Qcow2Options;
import ringside.emulator.block.Qcow2Spec;
import ringside.emulator.block.qcow2.Qcow2Snapshots;
import ringside.emulator.block.qcow2.QemuTools;
import ringside.emulator.block.qcow2.tool.CheckResult;
import ringside.emulator.block.qcow2.tool.Qcow2Check;

/**
 * The life of one image of a random kind. We and QEMU's tools work on it in turns; after each turn both checks must find the
 * same, nothing bad, and the disk and its snapshots must be what the model says.
 */
final class Differential {
    private static final String IMAGE = "a.qcow2";
    private static final int LARGEST_DISK = 6 << 20;
    private static final int MOST_SNAPSHOTS = 3;

    private final Path folder;
    private final Random random;
    private final ImageKind kind;
    private DiskModel model;
    private QemuPlayer qemu;
    private RingsidePlayer ringside;
    private final List<String> journal = new ArrayList<>();
    private int snapshotNumber;

    /** An image in an empty folder. */
    Differential(Path folder, long seed) {
        this.folder = folder;
        this.random = new Random(seed);
        this.kind = ImageKind.random(random);
    }

    /** What to say of a failure. */
    String description() {
        return kind + ", " + String.join(", ", journal);
    }

    /** Some turns. Returns the number of operations. */
    int live(int turns) throws IOException {
        model = new DiskModel(new ImageMaker(folder, IMAGE, kind, random).make());
        qemu = new QemuPlayer(folder, IMAGE, model, random);
        ringside = new RingsidePlayer(this::spec, model, random);
        judge();
        int operations = 0;
        for (int turn = 0; turn < turns; turn++) {
            operations += turn();
            judge();
        }
        return operations;
    }

    private int turn() {
        return switch (random.nextInt(8)) {
            case 0, 1 -> {
                journal.add("QEMU writes");
                yield qemu.play();
            }
            case 2 -> snapshot();
            case 3 -> resize();
            default -> {
                journal.add("Ringside writes");
                yield ringside.play();
            }
        };
    }

    private int snapshot() {
        if (!kind.snapshots()) {
            return 0;
        }
        boolean ours = random.nextBoolean();
        List<String> names = List.copyOf(model.snapshots().keySet());
        if (names.isEmpty() || names.size() < MOST_SNAPSHOTS && random.nextBoolean()) {
            String name = "s" + ++snapshotNumber;
            change(ours, "-c", name);
            model.takeSnapshot(name);
            return 1;
        }
        String name = names.get(random.nextInt(names.size()));
        if (random.nextBoolean()) {
            change(ours, "-a", name);
            model.applySnapshot(name);
        } else {
            change(ours, "-d", name);
            model.snapshots().remove(name);
        }
        return 1;
    }

    private void change(boolean ours, String verb, String name) {
        journal.add((ours ? "Ringside" : "QEMU") + " snapshot " + verb + " " + name);
        if (!ours) {
            qemu.snapshot(verb, name);
            return;
        }
        try (Qcow2Snapshots snapshots = Qcow2Snapshots.open(spec())) {
            switch (verb) {
                case "-c" -> snapshots.create(name);
                case "-a" -> snapshots.apply(name);
                default -> snapshots.delete(name);
            }
        }
    }

    private int resize() {
        if (!model.snapshots().isEmpty()) {
            return 0; // QEMU cannot do it in version 2, nor make such images smaller
        }
        int length = (64 + random.nextInt(LARGEST_DISK / DiskModel.SECTOR - 64)) * DiskModel.SECTOR;
        boolean ours = length > model.length() && random.nextBoolean();
        journal.add((ours ? "Ringside" : "QEMU") + " resize to " + length);
        int before = model.length();
        model.resize(length);
        if (ours) {
            ringside.resize(length);
        } else {
            qemu.resize(length);
            adoptTail(before);
        }
        return 1;
    }

    /** QEMU leaves the rest of the last cluster as it is when an image grows, even if it was made smaller before. */
    private void adoptTail(int end) {
        int endOfCluster = (end + kind.clusterBytes() - 1) / kind.clusterBytes() * kind.clusterBytes();
        if (end < model.length()) {
            model.adopt(end, Math.min(endOfCluster, model.length()), qemu.read(null));
        }
    }

    private void judge() {
        String theirs = QemuTools.check(folder, IMAGE);
        CheckResult ours = check();
        assertThat(ours.messages()).isEmpty();
        assertThat(theirs).doesNotContain("\"leaks\"", "\"corruptions\"", "\"check-errors\": 1");
        requireSameFigures(ours, theirs);
        model.requireSame(ringside.read(), 0);
        byte[] read = qemu.read(null);
        assertThat(read.length).isEqualTo(model.length());
        model.requireSame(read, 0);
        for (Map.Entry<String, byte[]> snapshot : model.snapshots().entrySet()) {
            requireSnapshot(qemu.read(snapshot.getKey()), snapshot);
            requireSnapshot(readSnapshot(snapshot.getKey()), snapshot);
        }
    }

    private static void requireSnapshot(byte[] read, Map.Entry<String, byte[]> snapshot) {
        assertThat(Arrays.mismatch(read, snapshot.getValue()))
                .as("first difference of snapshot " + snapshot.getKey())
                .isEqualTo(-1);
    }

    private byte[] readSnapshot(String name) {
        Qcow2Options defaults = Qcow2Options.DEFAULT;
        Qcow2Options options = new Qcow2Options(
                true,
                true,
                Optional.empty(),
                defaults.caches(),
                defaults.overlapCheck(),
                defaults.locking(),
                defaults.continuation(),
                Optional.of(name),
                List.of());
        try (BlockNode node =
                BlockNodes.open(Qcow2Spec.of(new FileSpec(raw(IMAGE, true))).with(options))) {
            byte[] whole = new byte[(int) node.lengthBytes()];
            node.file().read(0, MemorySegment.ofArray(whole));
            return whole;
        }
    }

    private CheckResult check() {
        try (BlockNode file = BlockNodes.open(new FileSpec(raw(IMAGE, true)))) {
            return Qcow2Check.check(file.file(), IMAGE, Qcow2Check.Repair.NONE);
        }
    }

    /** Fields that are 0 are left out by qemu-img. */
    private static void requireSameFigures(CheckResult ours, String theirs) {
        Map<String, Long> figures = Map.of(
                "total-clusters", ours.totalClusters(),
                "allocated-clusters", ours.allocatedClusters(),
                "compressed-clusters", ours.compressedClusters(),
                "fragmented-clusters", ours.fragmentedClusters(),
                "image-end-offset", ours.imageEndOffset());
        figures.forEach((field, value) -> {
            if (value == 0) {
                assertThat(theirs).doesNotContain("\"" + field + "\"");
            } else {
                assertThat(theirs).containsPattern("\"" + field + "\": " + value + "[,\\s]");
            }
        });
    }

    /** Options that change nothing of what is on the disk. */
    private Qcow2Spec spec() {
        Qcow2Options.Locking[] lockings = Qcow2Options.Locking.values();
        Qcow2Options.OverlapCheck[] overlaps = Qcow2Options.OverlapCheck.values();
        Qcow2Options.Continuation[] continuations = Qcow2Options.Continuation.values();
        return Qcow2Spec.of(new FileSpec(raw(IMAGE, false)))
                .with(new Qcow2Options(
                        false,
                        true,
                        Optional.empty(),
                        random.nextInt(3) == 0 ? new Qcow2Caches(1024, 512, 0, 0, 0) : Qcow2Caches.DEFAULT,
                        overlaps[random.nextInt(overlaps.length)],
                        lockings[random.nextInt(lockings.length)],
                        continuations[random.nextInt(continuations.length)],
                        Optional.empty(),
                        List.of()));
    }

    private BlockNodeSpec.Raw raw(String name, boolean readOnly) {
        return new BlockNodeSpec.Raw(
                folder.resolve(name), CacheMode.UNSAFE, AioKind.THREADS, false, readOnly, !readOnly);
    }

    /** Removes what the image has left in its folder. */
    void clear() throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }
}
