package ringside.emulator.block.filter;

import java.util.concurrent.atomic.AtomicLong;
import ringside.emulator.aio.AioContext;
import ringside.emulator.block.BlkverifySpec;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.BlockNode;

/**
 * Does everything on the node under test and on one that is right, and compares outcomes and data. A difference ends the request with EIO and
 * one line in the log that names operation and sector (QEMU ends the process).
 */
final class BlkverifyNode implements FilterNode {
    private final BlockNode test;
    private final BlockNode raw;
    private final AtomicLong mismatches = new AtomicLong();
    private final BlockFile file;

    BlkverifyNode(BlkverifySpec spec, BlockNode test, BlockNode raw) {
        this.test = test;
        this.raw = raw;
        if (raw.lengthBytes() < test.lengthBytes()) {
            throw new IllegalArgumentException("blkverify: raw has %d bytes and test %d: give both the same size"
                    .formatted(raw.lengthBytes(), test.lengthBytes()));
        }
        if (test.zones().isPresent()) {
            throw new IllegalArgumentException("blkverify: zones cannot be compared; use a disk without");
        }
        this.file = new BlkverifyFile(this, test.file(), raw.file());
    }

    @Override
    public BlockNode child() {
        return test;
    }

    @Override
    public boolean readOnly() {
        return test.readOnly() || raw.readOnly();
    }

    /** Discards are not passed on: the contents of the two could differ afterwards. */
    @Override
    public boolean unmaps() {
        return false;
    }

    /** How many requests differed. */
    long mismatches() {
        return mismatches.get();
    }

    /** Counts a difference and says so. */
    void differs(String what) {
        mismatches.incrementAndGet();
        System.getLogger(BlkverifyNode.class.getName()).log(System.Logger.Level.ERROR, () -> "blkverify: " + what);
    }

    @Override
    public void resize(long bytes) {
        raw.resize(bytes);
        test.resize(bytes);
    }

    @Override
    public String description() {
        return "driver=blkverify,test=[%s],raw=[%s]".formatted(test.description(), raw.description());
    }

    @Override
    public BlockFile file() {
        return file;
    }

    @Override
    public BlockBackend attach(AioContext context) {
        return new BlkverifyBackend(this, test.attach(context), raw.attach(context));
    }

    @Override
    public void close() {
        try {
            test.close();
        } finally {
            raw.close();
        }
    }
}
