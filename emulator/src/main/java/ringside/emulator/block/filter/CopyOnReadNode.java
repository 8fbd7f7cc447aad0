package ringside.emulator.block.filter;

import ringside.emulator.aio.AioContext;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.BlockNode;

/** Copies into an image what is read from behind it, so that the next read finds it there. */
final class CopyOnReadNode implements FilterNode {
    private final BlockNode child;
    private final Copier copier;
    private final BlockFile file;

    CopyOnReadNode(BlockNode child) {
        this.child = child;
        if (child.readOnly()) {
            throw new IllegalArgumentException("copy-on-read: the image is read-only, so nothing can be copied into it:"
                    + " leave read-only=on away");
        }
        if (child.zones().isPresent()) {
            throw new IllegalArgumentException("copy-on-read: a zoned disk has nothing behind it; use an image");
        }
        this.copier = new Copier(child);
        this.file = new CopyOnReadFile(copier, child.file());
    }

    @Override
    public BlockNode child() {
        return child;
    }

    @Override
    public String description() {
        return "driver=copy-on-read,file=[%s]".formatted(child.description());
    }

    @Override
    public BlockFile file() {
        return file;
    }

    @Override
    public BlockBackend attach(AioContext context) {
        return new CopyOnReadBackend(copier, context.loop(), child.attach(context));
    }

    @Override
    public void close() {
        copier.close();
        child.close();
    }
}
