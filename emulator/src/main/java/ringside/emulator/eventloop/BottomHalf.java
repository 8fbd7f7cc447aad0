package ringside.emulator.eventloop;

/** A piece of work deferred to the end of a loop's pass. Intrusive list node, so that scheduling does not allocate. */
public abstract class BottomHalf {
    BottomHalf next;
    boolean scheduled;

    /** Does the work, on the loop's thread (main loop: under the big lock). May schedule again. */
    public abstract void run();
}
