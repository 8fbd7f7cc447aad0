package ringside.emulator.block.filter;

import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import ringside.emulator.aio.AioContext;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.DelaySpec;
import ringside.emulator.block.LogNormal;

/**
 * Lets every request take as long as slower storage would: a request ends the drawn latency after its submission, or when the node below
 * has ended it if that is later. So the latency is that of the distribution as long as the storage below is faster.
 */
final class DelayNode implements FilterNode {
    private final DelaySpec spec;
    private final BlockNode child;
    private final LogNormal distribution;
    private final ReentrantLock lock = new ReentrantLock();
    private final SplittableRandom random;
    private final BlockFile file;

    DelayNode(DelaySpec spec, BlockNode child) {
        this.spec = spec;
        this.child = child;
        this.distribution = spec.distribution();
        this.random = new SplittableRandom(spec.seed());
        this.file = new DelayFile(this, child.file());
    }

    @Override
    public BlockNode child() {
        return child;
    }

    LogNormal distribution() {
        return distribution;
    }

    /** A latency for a blocking call. Any thread. */
    long drawNs() {
        lock.lock();
        try {
            return distribution.at(random.nextGaussian());
        } finally {
            lock.unlock();
        }
    }

    /** Each loop has a random sequence of its own, which the seed and the order of attaching determine. */
    private SplittableRandom split() {
        lock.lock();
        try {
            return random.split();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String description() {
        return "driver=delay,average=%dns,p99=%dns,seed=%d,file=[%s]"
                .formatted(spec.averageNs(), spec.p99Ns(), spec.seed(), child.description());
    }

    @Override
    public BlockFile file() {
        return file;
    }

    @Override
    public BlockBackend attach(AioContext context) {
        return new DelayBackend(distribution, split(), context.loop(), child.attach(context));
    }
}
