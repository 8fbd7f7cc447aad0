package ringside.emulator.pci;

/**
 * Where the interrupts of one function go: an interrupt controller of ours, or eventfds of another process. Any thread,
 * also several at a time; must not allocate and must not block.
 */
public interface InterruptSink {
    /**
     * An MSI-X message.
     *
     * @param vector entry of the MSI-X table, 0..2047
     * @param address message address as the guest programmed it
     * @param data message data as the guest programmed it
     */
    void message(int vector, long address, int data);

    /**
     * The level of INT#x has changed. Calls come one at a time and in order.
     *
     * @param asserted the new level
     */
    void intx(boolean asserted);

    /**
     * Whether mask bits and pending bits are kept behind this sink, so that a function sends every message while MSI-X is
     * enabled, whatever its own table says. So it is with vfio: the client keeps the table that the guest sees.
     */
    default boolean masksVectors() {
        return false;
    }

    /**
     * Memory that the function was given is gone: the process which shares it cut a file short. No queue can be served any
     * more. Any thread.
     */
    default void memoryGone() {}

    /** Drops everything. */
    static InterruptSink none() {
        return NoInterrupts.INSTANCE;
    }
}
