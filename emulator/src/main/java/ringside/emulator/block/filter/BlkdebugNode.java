package ringside.emulator.block.filter;

import ringside.emulator.aio.AioContext;
import ringside.emulator.block.BlkdebugSpec;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockEvent;
import ringside.emulator.block.BlockEvents;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockOp;

/** Lets requests fail or take longer where its rules say so. Both sides share the rules. */
final class BlkdebugNode implements FilterNode {
    private final BlkdebugSpec spec;
    private final BlockNode child;
    private final FaultRules rules;
    private final BlockFile file;

    /** A format says when it reads and writes data; where there is none, this node does. */
    private volatile boolean formatAbove;

    BlkdebugNode(BlkdebugSpec spec, BlockNode child) {
        this.spec = spec;
        this.child = child;
        this.rules = new FaultRules(spec);
        this.file = new BlkdebugFile(this, child.file());
    }

    @Override
    public BlockNode child() {
        return child;
    }

    FaultRules rules() {
        return rules;
    }

    int alignBytes() {
        return spec.alignBytes();
    }

    @Override
    public int physicalBlockBytes() {
        return Math.max(spec.alignBytes(), child.physicalBlockBytes());
    }

    @Override
    public BlockEvents events() {
        formatAbove = true;
        return rules;
    }

    /** The events of a request that reaches this node. */
    void raiseBefore(BlockOp op) {
        if (!formatAbove && op == BlockOp.READ) {
            rules.raise(BlockEvent.READ_AIO);
        }
        if (!formatAbove && op == BlockOp.WRITE) {
            rules.raise(BlockEvent.WRITE_AIO);
        }
        switch (op) {
            case WRITE -> rules.raise(BlockEvent.PWRITEV);
            case WRITE_ZEROES -> rules.raise(BlockEvent.PWRITEV_ZERO);
            case FLUSH -> {
                rules.raise(BlockEvent.FLUSH_TO_OS);
                rules.raise(BlockEvent.FLUSH_TO_DISK);
            }
            default -> {
                // QEMU has no events for the others.
            }
        }
    }

    /** Whether somebody waits for the end of this operation. */
    boolean watchesEnd(BlockOp op) {
        return (op == BlockOp.WRITE || op == BlockOp.WRITE_ZEROES) && rules.watches(BlockEvent.PWRITEV_DONE);
    }

    /** QEMU's name of the kind of request (BlkdebugIOType). */
    static String ioType(BlockOp op) {
        return switch (op) {
            case READ -> "read";
            case WRITE, ZONE_APPEND -> "write";
            case FLUSH -> "flush";
            case WRITE_ZEROES -> "write-zeroes";
            case DISCARD, SECURE_ERASE -> "discard";
            case ZONE_OPEN, ZONE_CLOSE, ZONE_FINISH, ZONE_RESET, ZONE_RESET_ALL -> "zone";
        };
    }

    @Override
    public String description() {
        return "driver=blkdebug,rules=%d,image=[%s]"
                .formatted(spec.injections().size() + spec.transitions().size(), child.description());
    }

    @Override
    public BlockFile file() {
        return file;
    }

    @Override
    public BlockBackend attach(AioContext context) {
        return new BlkdebugBackend(this, context.loop(), child.attach(context));
    }
}
