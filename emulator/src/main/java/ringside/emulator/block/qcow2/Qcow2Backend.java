package ringside.emulator.block.qcow2;

import java.util.concurrent.ConcurrentLinkedQueue;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockRequest;
import ringside.emulator.eventloop.LoopContext;
import ringside.emulator.eventloop.LoopTask;

/** An image as seen from one loop. As a task of the loop it takes back what workers have done. */
final class Qcow2Backend implements BlockBackend, LoopTask {
    private final Qcow2Node node;
    private final LoopContext loop;
    private final BlockBackend data;
    private final BlockBackend behind;
    private final ExtentFinder finder;
    private final Member member;
    private final ConcurrentLinkedQueue<Qcow2Request> done = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Qcow2Request> retried = new ConcurrentLinkedQueue<>();
    private volatile boolean poked;

    /** @param behind the backing node as seen from this loop, or null */
    Qcow2Backend(Qcow2Node node, LoopContext loop, BlockBackend data, BlockBackend behind) {
        this.node = node;
        this.loop = loop;
        this.data = data;
        this.behind = behind;
        this.finder = node.metadata().finder();
        this.member = new Member(node.metadata().parts().grace());
        node.metadata().parts().grace().join(member);
        loop.attach(this);
    }

    /** This loop's requests as a member of the grace. */
    private final class Member extends Grace.Member {
        Member(Grace grace) {
            super(grace);
        }

        @Override
        void poke() {
            poked = true;
            loop.wake();
        }
    }

    Qcow2Metadata metadata() {
        return node.metadata();
    }

    Qcow2File image() {
        return node.blockingSide();
    }

    BackingSource backing() {
        return node.backing();
    }

    boolean discards() {
        return node.unmaps();
    }

    ExtentFinder finder() {
        return finder;
    }

    Grace.Member member() {
        return member;
    }

    BlockBackend data() {
        return data;
    }

    BlockBackend behind() {
        return behind;
    }

    @Override
    public void submit(BlockRequest request) {
        slotOf(request).begin();
    }

    private Qcow2Request slotOf(BlockRequest request) {
        if (request.layerState instanceof Qcow2Request slot && slot.belongsTo(this)) {
            return slot;
        }
        Qcow2Request made = new Qcow2Request(request, this);
        request.layerState = made;
        return made;
    }

    @Override
    public void commit() {
        data.commit();
        if (behind != null) {
            behind.commit();
        }
    }

    /** Runs on a worker. */
    void work(Runnable task) {
        node.workers().execute(task);
    }

    /** Runs on a thread that never waits for clusters. */
    void help(Runnable task) {
        node.helpers().execute(task);
    }

    /** Any thread: a worker is done with the request. */
    void resume(Qcow2Request request) {
        done.add(request);
        loop.wake();
    }

    /** Any thread: what the request waited for may be free. */
    void again(Qcow2Request request) {
        retried.add(request);
        loop.wake();
    }

    @Override
    public String roleName() {
        return "qcow2";
    }

    @Override
    public int pollFd() {
        return -1;
    }

    @Override
    public int doWork() {
        int work = 0;
        if (poked) {
            poked = false;
            member.advance();
        }
        for (Qcow2Request request = done.poll(); request != null; request = done.poll()) {
            request.resumed();
            work++;
        }
        for (Qcow2Request request = retried.poll(); request != null; request = retried.poll()) {
            request.begin();
            work++;
        }
        if (work > 0) {
            commit();
        }
        return work;
    }

    @Override
    public boolean prepareToBlock() {
        return poked || !done.isEmpty() || !retried.isEmpty(); // whoever comes later wakes the loop
    }

    @Override
    public void close() {
        metadata().parts().grace().leave(member);
        loop.detach(this);
        data.close();
        if (behind != null) {
            behind.close();
        }
    }
}
