package ringside.emulator.transport;

import ringside.emulator.device.InterruptLine;

/** How a transport notifies its driver. */
interface TransportInterrupts extends InterruptLine {
    /** Forgets what was raised, and for a transport where the driver chooses: by which vector. Under the big lock. */
    void reset();

    /** A queue was reset alone: what the driver chose for its interrupts is forgotten. Under the big lock. */
    default void resetQueue(int queue) {}
}
