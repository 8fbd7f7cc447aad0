package ringside.emulator.block.nbd;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedQueue;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockRequest;
import ringside.emulator.eventloop.LoopContext;
import ringside.emulator.eventloop.LoopTask;

/** An NBD node as seen from one loop: requests become commands, whose ends come back through a queue. */
final class NbdBackend implements BlockBackend, LoopTask {
    private static final int ZERO_BYTES = 64 << 10;

    private final NbdClient client;
    private final LoopContext loop;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment zeroes = arena.allocate(ZERO_BYTES, 4096);
    private final ConcurrentLinkedQueue<NbdRequest> ended = new ConcurrentLinkedQueue<>();

    NbdBackend(NbdClient client, LoopContext loop) {
        this.client = client;
        this.loop = loop;
        loop.attach(this);
    }

    NbdClient client() {
        return client;
    }

    /** A buffer of zeroes, for servers that cannot write them by themselves. */
    MemorySegment zeroes() {
        return zeroes;
    }

    @Override
    public void submit(BlockRequest request) {
        slotOf(request).begin();
    }

    /** The slot stays with the request's slot. */
    private NbdRequest slotOf(BlockRequest request) {
        if (request.layerState instanceof NbdRequest slot && slot.belongsTo(this)) {
            return slot;
        }
        NbdRequest made = new NbdRequest(request, this);
        request.layerState = made;
        return made;
    }

    /** Any thread: a command of this loop has ended. */
    void handBack(NbdRequest request) {
        ended.add(request);
        loop.wake();
    }

    @Override
    public void commit() {
        // Commands are on their way already; the sending thread gathers what comes together.
    }

    @Override
    public String roleName() {
        return "nbd";
    }

    @Override
    public int pollFd() {
        return -1;
    }

    @Override
    public int doWork() {
        int done = 0;
        for (NbdRequest request = ended.poll(); request != null; request = ended.poll()) {
            request.proceed();
            done++;
        }
        return done;
    }

    /** Whoever adds later wakes the loop. */
    @Override
    public boolean prepareToBlock() {
        return !ended.isEmpty();
    }

    @Override
    public void close() {
        loop.detach(this);
        arena.close();
    }
}
