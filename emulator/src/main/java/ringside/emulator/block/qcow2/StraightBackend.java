package ringside.emulator.block.qcow2;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockRequest;
import ringside.emulator.block.coroutine.Coroutine;
import ringside.emulator.block.coroutine.CoroutineBackend;
import ringside.emulator.block.coroutine.VirtualThreads;
import ringside.emulator.eventloop.LoopContext;
import ringside.emulator.eventloop.LoopTask;

/** An image as seen from one loop, with a coroutine per request in flight (continuation=virtual-thread). */
final class StraightBackend implements BlockBackend {
    private final Qcow2Node node;
    private final BlockBackend data;
    private final BlockBackend behind;
    private final LoopContext loop;
    private final Member member;
    private final CoroutineBackend coroutines;

    /** @param behind the backing node as seen from this loop, or null */
    StraightBackend(Qcow2Node node, LoopContext loop, BlockBackend data, BlockBackend behind) {
        this.node = node;
        this.data = data;
        this.behind = behind;
        this.loop = loop;
        this.member = new Member(node.metadata().parts().grace(), loop);
        node.metadata().parts().grace().join(member);
        loop.attach(member);
        List<BlockBackend> children = new ArrayList<>(List.of(data));
        if (behind != null) {
            children.add(behind);
        }
        this.coroutines = new CoroutineBackend("qcow2", this::serve, children, loop);
    }

    private int serve(BlockRequest request, Coroutine self) {
        if (self.state == null) {
            self.state = new StraightRequest(this, self);
        }
        return ((StraightRequest) self.state).serve(request);
    }

    /** The requests of all coroutines as a member of the grace. On the JDK's pool they run at the same time. */
    static final class Member extends Grace.Member implements LoopTask {
        private final LoopContext loop;
        private final boolean alone = VirtualThreads.schedulable();
        private volatile boolean poked;

        Member(Grace grace, LoopContext loop) {
            super(grace);
            this.loop = loop;
        }

        long enter() {
            if (alone) {
                return begin();
            }
            synchronized (this) {
                return begin();
            }
        }

        void exit(long begun) {
            if (alone) {
                end(begun);
                return;
            }
            synchronized (this) {
                end(begun);
            }
        }

        @Override
        void poke() {
            poked = true;
            loop.wake();
        }

        @Override
        public String roleName() {
            return "qcow2-grace";
        }

        @Override
        public int pollFd() {
            return -1;
        }

        @Override
        public int doWork() {
            if (!poked) {
                return 0;
            }
            poked = false;
            synchronized (this) {
                advance();
            }
            return 1;
        }

        @Override
        public boolean prepareToBlock() {
            return poked;
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

    Executor workers() {
        return node.workers();
    }

    /** Threads that never wait for clusters. */
    Executor helpers() {
        return node.helpers();
    }

    Member member() {
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
        coroutines.submit(request);
    }

    @Override
    public void commit() {
        coroutines.commit();
    }

    @Override
    public void close() {
        coroutines.close();
        metadata().parts().grace().leave(member);
        loop.detach(member);
    }
}
