package ringside.emulator.block.proof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import ringside.emulator.block.qcow2.QemuTools;

/** QEMU's tools work on the image, so that we meet what they leave behind. */
final class QemuPlayer implements DiskPlayer {
    private static final int LONGEST_SECTORS = 300;

    private final Path folder;
    private final String image;
    private final DiskModel model;
    private final Random random;

    QemuPlayer(Path folder, String image, DiskModel model, Random random) {
        this.folder = folder;
        this.image = image;
        this.model = model;
        this.random = random;
    }

    @Override
    public int play() {
        int operations = 4 + random.nextInt(12);
        List<String> arguments = new ArrayList<>(List.of("-f", "qcow2", "-t", "unsafe", "-d", "unmap"));
        for (int i = 0; i < operations; i++) {
            arguments.add("-c");
            arguments.add(command());
        }
        arguments.add(image);
        QemuTools.io(folder, arguments.toArray(String[]::new));
        if (model.unsettled()) {
            model.settle(read(null));
        }
        return operations;
    }

    private String command() {
        int sectors = 1 + random.nextInt(Math.min(LONGEST_SECTORS, model.length() / DiskModel.SECTOR));
        int at = random.nextInt(model.length() / DiskModel.SECTOR - sectors + 1) * DiskModel.SECTOR;
        int length = sectors * DiskModel.SECTOR;
        switch (random.nextInt(8)) {
            case 0 -> {
                model.fill(at, length, 0);
                return "write -z %d %d".formatted(at, length);
            }
            case 1 -> {
                model.fill(at, length, 0);
                return "write -z -u %d %d".formatted(at, length);
            }
            case 2 -> {
                model.discard(at, length);
                return "discard %d %d".formatted(at, length);
            }
            default -> {
                int value = random.nextInt(256);
                model.fill(at, length, value);
                return "write -P %d %d %d".formatted(value, at, length);
            }
        }
    }

    /** The disk, or a snapshot of it, as qemu-img reads it. */
    byte[] read(String snapshot) {
        List<String> arguments = new ArrayList<>(List.of("convert"));
        if (snapshot != null) {
            arguments.addAll(List.of("-l", snapshot));
        }
        arguments.addAll(List.of("-f", "qcow2", "-O", "raw", "-T", "unsafe", "-t", "unsafe", image, "out.raw"));
        QemuTools.img(folder, arguments.toArray(String[]::new));
        try {
            return Files.readAllBytes(folder.resolve("out.raw"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void snapshot(String verb, String name) {
        QemuTools.img(folder, "snapshot", verb, name, image);
    }

    void resize(int length) {
        QemuTools.img(folder, "resize", "-q", "-f", "qcow2", "--shrink", image, Integer.toString(length));
    }
}
