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
    private static final int MAX_SECTOR_BYTES = 1 << 20;

    public LogWritesSpec {
        if (logSectorBytes < 512 || logSectorBytes > MAX_SECTOR_BYTES || Integer.bitCount(logSectorBytes) != 1) {
            throw new IllegalArgumentException(
                    "log-sector-size " + logSectorBytes + " is not a power of two from 512 to 1M");
        }
    }

    @Override
    public String driver() {
        return "log-writes";
    }

    @Override
    public Optional<Raw> image() {
        return file.image();
    }
}
