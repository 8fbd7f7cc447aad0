package ringside.emulator.block;

import java.util.List;
import java.util.Optional;

/**
 * Keeps the same data on several nodes and lets them vote (QEMU: driver quorum).
 *
 * @param children the nodes, at least two
 * @param voteThreshold how many must agree
 * @param rewriteCorrupted whether a node that was outvoted is corrected
 * @param readFifo reads the first child that answers, without a vote
 */
public record QuorumSpec(List<BlockNodeSpec> children, int voteThreshold, boolean rewriteCorrupted, boolean readFifo)
        implements BlockNodeSpec {
    @Override
    public String driver() {
        return "quorum";
    }

    @Override
    public Optional<Raw> image() {
        return Optional.empty();
    }
}
