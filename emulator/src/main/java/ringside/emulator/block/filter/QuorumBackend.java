package ringside.emulator.block.filter;

import java.lang.foreign.Arena;
import java.util.List;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.BlockRequest;

/** A quorum as seen from one loop. */
final class QuorumBackend implements BlockBackend {
    private final QuorumNode node;
    private final BlockBackend[] children;
    private final Arena arena = Arena.ofShared();
    private QuorumRequest free;

    QuorumBackend(QuorumNode node, List<BlockBackend> children) {
        this.node = node;
        this.children = children.toArray(BlockBackend[]::new);
    }

    QuorumNode node() {
        return node;
    }

    BlockBackend[] children() {
        return children;
    }

    Arena arena() {
        return arena;
    }

    @Override
    public void submit(BlockRequest request) {
        if (request.op == BlockOp.DISCARD) {
            request.completion.completed(request, 0); // all keep what they have, so that they stay comparable
            return;
        }
        QuorumRequest slot = free;
        if (slot == null) {
            slot = new QuorumRequest(this);
        } else {
            free = slot.nextFree;
        }
        slot.begin(request);
    }

    void release(QuorumRequest slot) {
        slot.nextFree = free;
        free = slot;
    }

    @Override
    public void commit() {
        for (BlockBackend child : children) {
            child.commit();
        }
    }

    @Override
    public void close() {
        for (BlockBackend child : children) {
            child.close();
        }
        arena.close();
    }
}
