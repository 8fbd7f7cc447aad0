package ringside.emulator.block;

import java.util.Optional;

/**
 * A disk of an NBD server (QEMU: driver nbd; the NBD protocol document).
 *
 * @param server a path ({@code unix:PATH}) or {@code HOST:PORT}
 * @param export name of the export, may be empty
 * @param readOnly open read-only
 * @param reconnectDelaySeconds how long requests wait for a lost server before they fail; 0: not at all
 */
public record NbdSpec(String server, String export, boolean readOnly, int reconnectDelaySeconds)
        implements BlockNodeSpec {
    @Override
    public String driver() {
        return "nbd";
    }

    @Override
    public Optional<Raw> image() {
        return Optional.empty();
    }
}
