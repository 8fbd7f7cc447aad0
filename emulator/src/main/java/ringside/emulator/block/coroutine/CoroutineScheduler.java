package ringside.emulator.block.coroutine;

/** Where the coroutines of one back end run. */
sealed interface CoroutineScheduler permits LoopScheduler, PoolScheduler {
    /** Makes a virtual thread that is not started. */
    Thread thread(String name, Runnable body);

    /** A coroutine is about to park, on its own thread: what it wants done must be seen by the loop. */
    void parking(Coroutine coroutine);

    /** Lets a coroutine run; in the context of the loop. What it wants when it has parked comes back from {@link #parked}. */
    void run(Coroutine coroutine);

    /** The next coroutine that has parked and wants something done; null when there is none. In the context of the loop. */
    Coroutine parked();

    /** Whether something waits for the loop. */
    boolean pending();

    /** How it is called in descriptions. */
    String label();
}
