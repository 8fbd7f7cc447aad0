package ringside.emulator.block.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockIoException;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.CacheMode;
import ringside.emulator.block.FileSpec;
import ringside.emulator.block.Qcow2Backing;
import ringside.emulator.block.Qcow2Spec;
import ringside.emulator.block.qcow2.tool.Qcow2Check;

/**
 * Whatever an image says: opening, checking, reading and writing end with a result or with one line, take no more than 64 MiB,
 * open nothing outside the image's folder, and make nothing worse.
 */
class HostileImagesTest {
    /** Allocated in one step, garbage included; a JVM with 64 MiB of heap does it (docs/block-proof.md). */
    private static final long MAX_ALLOCATED_BYTES = Long.getLong("ringside.hostile.bytes", 512L << 20);

    private static final int STEPS = 48;

    @TempDir
    private Path folder;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Map<String, Long> slowest = new LinkedHashMap<>();
    private int refused;

    @Test
    @Timeout(300)
    void hostileImages_areAnsweredInOneLine_andNeverMadeWorse() throws IOException {
        Map<String, HostileImages.Harm> images = HostileImages.in(folder);
        Files.copy(folder.resolve(HostileImages.BASE), folder.resolve("own.qcow2"));
        assertThat(images).hasSizeGreaterThan(100);
        for (Map.Entry<String, HostileImages.Harm> entry : images.entrySet()) {
            meet(entry.getKey(), entry.getValue());
        }
        System.out.println(images.size() + " hostile images, " + refused + " refusals; slowest steps in ms:");
        slowest.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(5)
                .forEach(step -> System.out.println("  " + step.getKey() + " " + step.getValue() / 1_000_000));
    }

    private void meet(String name, HostileImages.Harm harm) throws IOException {
        Path image = folder.resolve("own.qcow2");
        Files.copy(folder.resolve(HostileImages.BASE), image, StandardCopyOption.REPLACE_EXISTING);
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            harm.to(file);
        }
        if (name.contains("loop.qcow2")) { // not of a terabyte of holes
            Files.copy(image, folder.resolve("loop.qcow2"), StandardCopyOption.REPLACE_EXISTING);
        }
        step(name + ": read", () -> read(image));
        Optional<Long> before = check(name, image);
        step(name + ": write", () -> write(image));
        Optional<Long> after = check(name, image);
        if (before.isPresent()) {
            assertThat(after).as(name).isPresent();
            assertThat(after.get()).as(name + ": corruptions").isLessThanOrEqualTo(before.get());
        }
        Files.delete(image);
    }

    private Optional<Long> check(String name, Path image) {
        long[] corruptions = {-1};
        step(name + ": check", () -> {
            try (BlockNode node = BlockNodes.open(new FileSpec(raw(image, true)))) {
                corruptions[0] = Qcow2Check.check(node.file(), "hostile", Qcow2Check.Repair.NONE)
                        .corruptions();
            }
        });
        return corruptions[0] < 0 ? Optional.empty() : Optional.of(corruptions[0]);
    }

    private void read(Path image) {
        Qcow2Spec spec = Qcow2Spec.of(new FileSpec(raw(image, true)));
        try (BlockNode node = BlockNodes.open(spec.with(spec.options().asReadOnly()))) {
            MemorySegment piece = MemorySegment.ofArray(new byte[HostileImages.CLUSTER]);
            long step = Math.max(HostileImages.CLUSTER, node.lengthBytes() / STEPS);
            for (long at = 0; at + piece.byteSize() <= node.lengthBytes(); at += step) {
                node.file().read(at, piece);
            }
        }
    }

    /** Without what is behind it, so that more of them can be opened at all. */
    private void write(Path image) {
        Qcow2Spec spec = Qcow2Spec.of(new FileSpec(raw(image, false)));
        Qcow2Spec alone = new Qcow2Spec(spec.file(), new Qcow2Backing.None(), Optional.empty(), spec.options());
        try (BlockNode node = BlockNodes.open(alone)) {
            MemorySegment piece = MemorySegment.ofArray(new byte[700]);
            long step = Math.max(HostileImages.CLUSTER, node.lengthBytes() / STEPS);
            for (long at = 0; at + piece.byteSize() <= node.lengthBytes(); at += step) {
                node.file().write(at, piece);
            }
            node.file().discard(0, Math.min(node.lengthBytes(), 16 * HostileImages.CLUSTER));
        }
    }

    private static BlockNodeSpec.Raw raw(Path image, boolean readOnly) {
        return new BlockNodeSpec.Raw(image, CacheMode.UNSAFE, AioKind.THREADS, false, readOnly, true);
    }

    private void step(String name, Runnable step) {
        long allocated = threads.getCurrentThreadAllocatedBytes();
        long start = System.nanoTime();
        try {
            step.run();
        } catch (IllegalArgumentException | BlockIoException e) {
            refused++;
            assertThat(e.getMessage())
                    .as(name)
                    .isNotBlank()
                    .doesNotContain("\n")
                    .hasSizeLessThan(600);
        }
        slowest.put(name, System.nanoTime() - start);
        assertThat(threads.getCurrentThreadAllocatedBytes() - allocated)
                .as(name + ": bytes allocated")
                .isLessThan(MAX_ALLOCATED_BYTES);
    }
}
