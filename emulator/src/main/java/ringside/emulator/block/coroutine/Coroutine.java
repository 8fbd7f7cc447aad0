package ringside.emulator.block.coroutine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockRequest;

/**
 * A virtual thread that serves one request after the other. It runs the code of a {@link RequestBody} and nothing else: what
 * it wants done (a request of the child, the end of its own) it leaves behind when it parks, and the loop does that on its own
 * thread. So engines and devices never see a virtual thread.
 */
public final class Coroutine {
    /** What a parked coroutine has left to do for the loop. */
    enum Wish {
        /** Nothing: somebody resumes it. */
        NOTHING,
        /** Hand {@link #childRequest} to the child. */
        SUBMIT,
        /** Complete {@link #request} with {@link #error}. */
        FINISH
    }

    private static final VarHandle RESUMED;

    static {
        try {
            RESUMED = MethodHandles.lookup().findVarHandle(Coroutine.class, "resumed", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What the body keeps from request to request, such as a request of its own for the child. */
    public Object state;

    private final CoroutineBackend backend;
    private final RequestBody body;
    private final Thread thread;

    /** Released by whoever resumes, acquired by the coroutine: everything written before is seen. */
    @SuppressWarnings("unused") // through RESUMED
    private boolean resumed;

    Wish wish = Wish.NOTHING;
    BlockRequest request;
    private BlockBackend target;
    private BlockRequest childRequest;
    int error;
    RuntimeException failure;

    /** Next in the list of those that have parked on the loop. */
    Coroutine nextParked;

    private boolean submitting;
    private boolean endedAtOnce;
    private boolean stopping;

    Coroutine(CoroutineBackend backend, RequestBody body, String name) {
        this.backend = backend;
        this.body = body;
        this.thread = backend.scheduler().thread(name, this::run);
    }

    private void run() {
        park(); // started without a request
        while (!stopping) {
            serve();
            wish = Wish.FINISH;
            park();
        }
    }

    private void serve() {
        try {
            error = body.serve(request, this);
        } catch (RuntimeException e) {
            failure = e; // the loop throws it: a failure of a task is the loop's business
        }
    }

    /**
     * Has the loop submit a request to a child and waits for its end. The request's completion must be {@link #completed}.
     *
     * @param to one of the children of the back end
     * @return the outcome as {@link ringside.emulator.block.BlockCompletion} has it
     */
    public int submit(BlockBackend to, BlockRequest child) {
        target = to;
        childRequest = child;
        wish = Wish.SUBMIT;
        park();
        return error;
    }

    /** The child's request has ended. In the context of the loop. */
    public void completed(BlockRequest child, int childError) {
        error = childError;
        if (submitting) {
            endedAtOnce = true;
        } else {
            backend.run(this);
        }
    }

    /** Waits until somebody calls {@link #resume}; that may have happened already. */
    public void await() {
        wish = Wish.NOTHING;
        park();
    }

    /** Lets a coroutine that waits go on, once and soon. Any thread. */
    public void resume() {
        backend.ready(this);
    }

    /**
     * It may have been resumed before it came here: then it never parked, and the scheduler must not take it for parked.
     * That happens when it has to wait for a lock between handing over work and waiting for it.
     */
    private void park() {
        if (!(boolean) RESUMED.getAcquire(this)) {
            backend.scheduler().parking(this);
            while (!(boolean) RESUMED.getAcquire(this)) {
                LockSupport.park();
            }
        }
        resumed = false;
    }

    /** Brackets the submission of {@link #childRequest}. Returns whether it has ended by the time that submit returned. */
    boolean submitChild() {
        wish = Wish.NOTHING;
        endedAtOnce = false;
        submitting = true;
        target.submit(childRequest);
        submitting = false;
        return endedAtOnce;
    }

    /** Runs it until it parks again, or lets it run where another thread carries it. */
    void unpark() {
        RESUMED.setRelease(this, true);
        LockSupport.unpark(thread);
    }

    void start() {
        thread.start();
    }

    void stop() {
        stopping = true;
        unpark();
    }

    Thread thread() {
        return thread;
    }
}
