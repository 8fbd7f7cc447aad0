package ringside.emulator.block.filter;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import ringside.emulator.aio.AioContext;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockEvents;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockStatus;
import ringside.emulator.block.QuorumSpec;
import ringside.emulator.block.StorageLifetime;

/** Keeps the same data on several nodes; what enough of them agree on is the truth. */
final class QuorumNode implements FilterNode {
    private final QuorumSpec spec;
    private final List<BlockNode> children;
    private final AtomicLong outvoted = new AtomicLong();
    private final BlockFile file;

    QuorumNode(QuorumSpec spec, List<BlockNode> children) {
        this.spec = spec;
        this.children = List.copyOf(children);
        for (BlockNode child : children) {
            if (child.lengthBytes() != children.getFirst().lengthBytes()) {
                throw new IllegalArgumentException("quorum: children have %d and %d bytes: give all the same size"
                        .formatted(children.getFirst().lengthBytes(), child.lengthBytes()));
            }
            if (child.zones().isPresent()) {
                throw new IllegalArgumentException("quorum: zones cannot be voted on; use disks without");
            }
        }
        this.file = new QuorumFile(this, children.stream().map(BlockNode::file).toList());
    }

    @Override
    public BlockNode child() {
        return children.getFirst();
    }

    QuorumSpec spec() {
        return spec;
    }

    /** How many answers of children were outvoted. */
    long outvoted() {
        return outvoted.get();
    }

    /** Counts a child that was outvoted or failed, and says so. */
    void bad(int index, String what) {
        outvoted.incrementAndGet();
        System.getLogger(QuorumNode.class.getName())
                .log(System.Logger.Level.WARNING, () -> "quorum: children.%d: %s".formatted(index, what));
    }

    @Override
    public boolean readOnly() {
        return children.stream().anyMatch(BlockNode::readOnly);
    }

    @Override
    public boolean writeback() {
        return children.stream().anyMatch(BlockNode::writeback);
    }

    @Override
    public int physicalBlockBytes() {
        return children.stream().mapToInt(BlockNode::physicalBlockBytes).max().orElseThrow();
    }

    /** Discarded ranges may differ, which would be taken for corruption. */
    @Override
    public boolean unmaps() {
        return false;
    }

    @Override
    public boolean erases() {
        return children.stream().allMatch(BlockNode::erases);
    }

    @Override
    public Optional<StorageLifetime> lifetime() {
        return Optional.empty();
    }

    @Override
    public void resize(long bytes) {
        children.forEach(child -> child.resize(bytes));
    }

    /** Nothing is known of a range but that it is there: children may store it in different ways. */
    @Override
    public BlockStatus status(long offsetBytes, long lengthBytes) {
        return BlockStatus.data(lengthBytes, offsetBytes);
    }

    @Override
    public BlockEvents events() {
        return BlockEvents.NONE;
    }

    @Override
    public String description() {
        List<String> parts = children.stream().map(BlockNode::description).toList();
        return "driver=quorum,vote-threshold=%d,rewrite-corrupted=%s,read-pattern=%s,children=%s"
                .formatted(
                        spec.voteThreshold(),
                        spec.rewriteCorrupted() ? "on" : "off",
                        spec.readFifo() ? "fifo" : "quorum",
                        parts);
    }

    @Override
    public BlockFile file() {
        return file;
    }

    @Override
    public BlockBackend attach(AioContext context) {
        return new QuorumBackend(
                this, children.stream().map(child -> child.attach(context)).toList());
    }

    @Override
    public void close() {
        for (BlockNode child : children) {
            child.close();
        }
    }
}
