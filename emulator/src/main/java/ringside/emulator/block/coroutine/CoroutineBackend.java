package ringside.emulator.block.coroutine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockRequest;
import ringside.emulator.eventloop.LoopContext;
import ringside.emulator.eventloop.LoopTask;

/**
 * A back end whose requests are served by coroutines, as many as are ever in flight. All of it is in the context of the loop,
 * but for {@link Coroutine#resume}.
 */
public final class CoroutineBackend implements BlockBackend, LoopTask {
    private final String name;
    private final RequestBody body;
    private final List<BlockBackend> children;
    private final LoopContext loop;
    private final CoroutineScheduler scheduler;
    private final List<Coroutine> all = new ArrayList<>();
    private final ArrayDeque<Coroutine> idle = new ArrayDeque<>();
    private final ConcurrentLinkedQueue<Coroutine> ready = new ConcurrentLinkedQueue<>();
    private boolean settling;

    /**
     * @param name of the node, for threads and traces
     * @param body the path of a request
     * @param children whom {@link Coroutine#submit} may submit to; closed with this
     */
    public CoroutineBackend(String name, RequestBody body, List<BlockBackend> children, LoopContext loop) {
        this(name, body, children, loop, VirtualThreads.schedulable());
    }

    CoroutineBackend(String name, RequestBody body, List<BlockBackend> children, LoopContext loop, boolean onLoop) {
        this.name = name;
        this.body = body;
        this.children = List.copyOf(children);
        this.loop = loop;
        this.scheduler = onLoop ? new LoopScheduler(loop::wake) : new PoolScheduler(loop::wake);
        loop.attach(this);
    }

    CoroutineScheduler scheduler() {
        return scheduler;
    }

    @Override
    public void submit(BlockRequest request) {
        Coroutine free = idle.poll();
        Coroutine coroutine = free == null ? make() : free;
        coroutine.request = request;
        run(coroutine);
    }

    private Coroutine make() {
        Coroutine made = new Coroutine(this, body, name + "/coroutine" + all.size());
        all.add(made);
        made.start();
        settle(); // on the loop it starts now and parks
        return made;
    }

    /** Lets a coroutine go on, and does what it and others want when they have parked. */
    void run(Coroutine coroutine) {
        scheduler.run(coroutine);
        settle();
    }

    void ready(Coroutine coroutine) {
        ready.add(coroutine);
        loop.wake();
    }

    /** Not nested: what a wish brings about (a completion, which resumes another coroutine) is seen by the same loop. */
    private int settle() {
        if (settling) {
            return 0;
        }
        settling = true;
        int work = 0;
        try {
            for (Coroutine parked = scheduler.parked(); parked != null; parked = scheduler.parked()) {
                grant(parked);
                work++;
            }
        } finally {
            settling = false;
        }
        return work;
    }

    private void grant(Coroutine coroutine) {
        switch (coroutine.wish) {
            case NOTHING -> {
                // somebody resumes it
            }
            case SUBMIT -> submitChild(coroutine);
            case FINISH -> finish(coroutine);
        }
    }

    private void submitChild(Coroutine coroutine) {
        if (coroutine.submitChild()) {
            scheduler.run(coroutine);
        }
    }

    private void finish(Coroutine coroutine) {
        BlockRequest request = coroutine.request;
        int error = coroutine.error;
        RuntimeException failure = coroutine.failure;
        coroutine.wish = Coroutine.Wish.NOTHING;
        coroutine.request = null;
        coroutine.failure = null;
        idle.push(coroutine);
        if (failure != null) {
            throw failure;
        }
        request.completion.completed(request, error);
    }

    @Override
    public void commit() {
        for (int i = 0; i < children.size(); i++) {
            children.get(i).commit();
        }
    }

    @Override
    public String roleName() {
        return name;
    }

    @Override
    public int pollFd() {
        return -1;
    }

    @Override
    public int doWork() {
        if (ready.isEmpty() && !scheduler.pending()) {
            return 0;
        }
        int work = 0;
        for (Coroutine coroutine = ready.poll(); coroutine != null; coroutine = ready.poll()) {
            run(coroutine);
            work++;
        }
        work += settle();
        commit();
        return work;
    }

    @Override
    public boolean prepareToBlock() {
        return !ready.isEmpty() || scheduler.pending();
    }

    /** How coroutines are carried: {@code loop} or {@code pool}. */
    public String carriers() {
        return scheduler.label();
    }

    @Override
    public void close() {
        loop.detach(this);
        for (Coroutine coroutine : all) {
            coroutine.stop();
            while (coroutine.thread().isAlive() && scheduler.pending()) {
                scheduler.parked();
            }
        }
        children.forEach(BlockBackend::close);
    }
}
