package ringside.emulator.block;

import java.util.Optional;

/**
 * Logs every write in the format of dm-log-writes (QEMU: driver blklogwrites).
 *
 * @param file what is written
 * @param log where the log goes
 * @param logSectorBytes unit of the log, a power of two of at least 512
 * @param append whether an existing log is continued
 */
public record LogWritesSpec(BlockNodeSpec file, BlockNodeSpec log, int logSectorBytes, boolean append)
        implements BlockNodeSpec {
    @Override
    public String driver() {
        return "log-writes";
    }

    @Override
    public Optional<Raw> image() {
        return file.image();
    }
}
