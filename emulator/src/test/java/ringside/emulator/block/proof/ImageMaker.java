package ringside.emulator.block.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.CacheMode;
import ringside.emulator.block.FileSpec;
import ringside.emulator.block.qcow2.QemuTools;
import ringside.emulator.block.qcow2.format.CompressionType;
import ringside.emulator.block.qcow2.tool.CreateOptions;
import ringside.emulator.block.qcow2.tool.Qcow2Create;

/** Makes an image of a kind, and what is behind it. */
final class ImageMaker {
    private static final String CONTENT = "content.raw";

    private final Path folder;
    private final String image;
    private final ImageKind kind;
    private final Random random;

    ImageMaker(Path folder, String image, ImageKind kind, Random random) {
        this.folder = folder;
        this.image = image;
        this.kind = kind;
        this.random = random;
    }

    /** Returns what the disk shows. */
    byte[] make() throws IOException {
        int sectors = 200 + random.nextInt(7000);
        byte[] content = new byte[sectors * DiskModel.SECTOR];
        switch (kind.start()) {
            case CONVERTED, COMPRESSED -> convert(content);
            case CREATED_BY_QEMU, CREATED_BY_US -> create(content);
        }
        return content;
    }

    private void convert(byte[] content) throws IOException {
        scatter(content, content.length);
        Files.write(folder.resolve(CONTENT), content);
        List<String> arguments = new ArrayList<>(List.of("convert", "-f", "raw", "-O", "qcow2", "-t", "unsafe"));
        if (kind.start() == ImageKind.Start.COMPRESSED) {
            arguments.add("-c");
        }
        arguments.addAll(List.of("-o", kind.options(), CONTENT, image));
        QemuTools.img(folder, arguments.toArray(String[]::new));
    }

    private void create(byte[] content) throws IOException {
        Optional<String> format = behind(content);
        if (kind.start() == ImageKind.Start.CREATED_BY_US) {
            createByUs(content.length, format);
            return;
        }
        List<String> arguments = new ArrayList<>(List.of("create", "-q", "-f", "qcow2", "-o", kind.options()));
        format.ifPresent(f -> arguments.addAll(List.of("-b", behindName(), "-F", f)));
        arguments.addAll(List.of(image, Integer.toString(content.length)));
        QemuTools.img(folder, arguments.toArray(String[]::new));
    }

    private String behindName() {
        return kind.backing() == ImageKind.Backing.RAW ? CONTENT : "behind.qcow2";
    }

    /** Makes the backing file, often shorter than the disk; returns its format. */
    private Optional<String> behind(byte[] content) throws IOException {
        if (kind.backing() == ImageKind.Backing.NONE) {
            return Optional.empty();
        }
        int sectors = content.length / DiskModel.SECTOR;
        int length = (random.nextBoolean() ? sectors : 1 + random.nextInt(sectors)) * DiskModel.SECTOR;
        scatter(content, length);
        Files.write(folder.resolve(CONTENT), Arrays.copyOf(content, length));
        if (kind.backing() == ImageKind.Backing.RAW) {
            return Optional.of("raw");
        }
        List<String> arguments = new ArrayList<>(List.of("convert", "-f", "raw", "-O", "qcow2", "-t", "unsafe"));
        if (kind.backing() == ImageKind.Backing.COMPRESSED) {
            arguments.add("-c");
        }
        arguments.addAll(List.of(CONTENT, behindName()));
        QemuTools.img(folder, arguments.toArray(String[]::new));
        return Optional.of("qcow2");
    }

    /** Zeroes, noise, and what can be compressed. */
    private void scatter(byte[] content, int length) {
        for (int at = 0; at < length; ) {
            int part = Math.min(length - at, 1 + random.nextInt(300_000));
            int sort = random.nextInt(3);
            if (sort == 0) {
                byte[] noise = new byte[part];
                random.nextBytes(noise);
                System.arraycopy(noise, 0, content, at, part);
            } else if (sort == 1) {
                for (int i = 0; i < part; i++) {
                    content[at + i] = (byte) (i / 700);
                }
            }
            at += part;
        }
    }

    private void createByUs(int size, Optional<String> format) {
        Optional<String> dataFile =
                kind.dataFile() == ImageKind.DataFile.INSIDE ? Optional.empty() : Optional.of(ImageKind.DATA_FILE);
        CreateOptions options = new CreateOptions(
                size,
                kind.old() ? 2 : 3,
                kind.clusterBytes(),
                kind.refcountBits(),
                kind.lazyRefcounts(),
                kind.extendedL2(),
                CreateOptions.Preallocation.valueOf(kind.preallocation().toUpperCase(java.util.Locale.ROOT)),
                kind.zstd() ? CompressionType.ZSTD : CompressionType.ZLIB,
                format.map(_ -> behindName()),
                format,
                dataFile,
                kind.dataFile() == ImageKind.DataFile.OUTSIDE_RAW);
        try (BlockNode file = open(image)) {
            if (dataFile.isEmpty()) {
                Qcow2Create.create(file.file(), Optional.empty(), options);
                return;
            }
            try (BlockNode data = open(ImageKind.DATA_FILE)) {
                BlockFile guest = data.file();
                Qcow2Create.create(file.file(), Optional.of(guest), options);
            }
        }
    }

    private BlockNode open(String name) {
        try {
            Files.createFile(folder.resolve(name));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return BlockNodes.open(new FileSpec(
                new BlockNodeSpec.Raw(folder.resolve(name), CacheMode.UNSAFE, AioKind.THREADS, false, false, true)));
    }
}
