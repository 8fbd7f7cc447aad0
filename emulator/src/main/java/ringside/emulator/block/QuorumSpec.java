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
    public QuorumSpec {
        children = List.copyOf(children);
        if (children.size() < 2) {
            throw new IllegalArgumentException("quorum needs at least two children, it has " + children.size());
        }
        if (voteThreshold < 1 || voteThreshold > children.size()) {
            throw new IllegalArgumentException("vote-threshold must be in 1..%d, the number of children, it is %d"
                    .formatted(children.size(), voteThreshold));
        }
        if (readFifo && rewriteCorrupted) {
            throw new IllegalArgumentException(
                    "rewrite-corrupted=on needs a vote: leave read-pattern=fifo or rewrite-corrupted away");
        }
    }

    @Override
    public String driver() {
        return "quorum";
    }

    @Override
    public Optional<Raw> image() {
        return Optional.empty();
    }
}
