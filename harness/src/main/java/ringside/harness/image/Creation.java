package ringside.harness.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.CacheMode;
import ringside.emulator.block.qcow2.tool.CreateOptions;
import ringside.emulator.block.qcow2.tool.Qcow2Create;
import ringside.harness.HarnessException;

/** Makes image files. */
final class Creation {
    private static final int SECTOR_BYTES = 512;

    private Creation() {}

    static void raw(Path path, long sizeBytes) {
        long size = (sizeBytes + SECTOR_BYTES - 1) / SECTOR_BYTES * SECTOR_BYTES;
        inNewFile(path, file -> {
            file.truncate(0);
            file.truncate(size);
        });
    }

    static void qcow2(Path path, CreateOptions options) {
        if (options.dataFile().isEmpty()) {
            inNewFile(path, file -> Qcow2Create.create(file, Optional.empty(), options));
            return;
        }
        Path folder = path.toAbsolutePath().getParent();
        Path data = folder.resolve(options.dataFile().get());
        inNewFile(data, dataFile -> inNewFile(path, file -> Qcow2Create.create(file, Optional.of(dataFile), options)));
    }

    /** What is done with a file. */
    private interface Use {
        void of(BlockFile file);
    }

    private static void inNewFile(Path path, Use use) {
        try {
            if (!Files.exists(path)) {
                Files.createFile(path);
            }
        } catch (NoSuchFileException e) {
            throw HarnessException.badInput(
                    "image " + path + ": cannot be made: its folder does not exist; make it first", e);
        } catch (IOException e) {
            throw HarnessException.environment("image " + path + ": cannot be made: " + e, e);
        }
        Images.guarded("image " + path, () -> {
            try (BlockNode node = BlockNodes.open(Images.file(path, false, CacheMode.WRITEBACK))) {
                use.of(node.file());
                node.file().flush();
            }
            return null;
        });
    }
}
