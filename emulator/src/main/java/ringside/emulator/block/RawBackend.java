package ringside.emulator.block;

import java.util.concurrent.ConcurrentLinkedQueue;
import ringside.emulator.aio.AioEngine;
import ringside.emulator.eventloop.LoopContext;
import ringside.emulator.eventloop.LoopTask;
import ringside.emulator.trace.TracePoint;

/**
 * A raw node as seen from one loop: turns block requests into engine operations. It is a task of the loop only on nodes
 * whose writes may have to wait for one another.
 */
final class RawBackend implements BlockBackend, LoopTask {
    private final RawNode node;
    private final AioEngine engine;
    private final LoopContext loop;
    private final BouncePool bouncePool = new BouncePool();
    private final ConcurrentLinkedQueue<RawRequest> resumed = new ConcurrentLinkedQueue<>();

    RawBackend(RawNode node, AioEngine engine, LoopContext loop) {
        this.node = node;
        this.engine = engine;
        this.loop = loop;
        engine.attachFile(node.fd());
        if (node.serialises()) {
            loop.attach(this);
        }
    }

    RawNode node() {
        return node;
    }

    BouncePool bouncePool() {
        return bouncePool;
    }

    AioEngine engine() {
        return engine;
    }

    @Override
    public void submit(BlockRequest request) {
        if (request.timeline != null) {
            request.timeline.stamp(request.timelineHead, TracePoint.BLOCK_SUBMIT);
        }
        slotOf(request).begin();
    }

    /** The engine-side slot stays with the request's slot; a machine never moves a slot to another back end. */
    private RawRequest slotOf(BlockRequest request) {
        if (request.layerState instanceof RawRequest raw && raw.belongsTo(this)) {
            return raw;
        }
        RawRequest made = new RawRequest(request, this);
        request.layerState = made;
        return made;
    }

    @Override
    public void commit() {
        engine.commit();
    }

    /** Any thread: the request waits no longer. */
    void resume(RawRequest request) {
        resumed.add(request);
        loop.wake();
    }

    @Override
    public String roleName() {
        return "raw";
    }

    @Override
    public int pollFd() {
        return -1;
    }

    @Override
    public int doWork() {
        int work = 0;
        for (RawRequest request = resumed.poll(); request != null; request = resumed.poll()) {
            request.proceed();
            work++;
        }
        if (work > 0) {
            engine.commit();
        }
        return work;
    }

    @Override
    public boolean prepareToBlock() {
        return !resumed.isEmpty(); // whoever resumes later wakes the loop
    }

    /** The engine belongs to the loop and may serve other disks. */
    @Override
    public void close() {
        engine.detachFile(node.fd());
        if (node.serialises()) {
            loop.detach(this);
        }
    }
}
