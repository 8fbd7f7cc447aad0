package ringside.emulator.block.filter;

import ringside.emulator.aio.AioContext;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.ThrottleSpec;

/** Keeps requests to the limits of its group. FLUSH is not limited, as in QEMU. */
final class ThrottleNode implements FilterNode {
    private final ThrottleSpec spec;
    private final BlockNode child;
    private final ThrottleGroup group;
    private final BlockFile file;

    ThrottleNode(ThrottleSpec spec, BlockNode child) {
        this.spec = spec;
        this.child = child;
        this.file = new ThrottleFile(this, child.file());
        this.group = ThrottleGroups.join(spec.group(), spec.limits());
    }

    @Override
    public BlockNode child() {
        return child;
    }

    ThrottleGroup group() {
        return group;
    }

    @Override
    public String description() {
        return "driver=throttle,throttle-group=%s,%s,file=[%s]"
                .formatted(spec.group(), spec.limits().description(), child.description());
    }

    @Override
    public BlockFile file() {
        return file;
    }

    @Override
    public BlockBackend attach(AioContext context) {
        return new ThrottleBackend(group, context.loop(), child.attach(context));
    }

    @Override
    public void close() {
        ThrottleGroups.leave(spec.group());
        child.close();
    }
}
