package ringside.emulator.transport;

/** Where an interrupt goes: a virtual CPU. Any thread; must not allocate. */
@FunctionalInterface
public interface InterruptRoute {
    /** An interrupt is pending for this vCPU. */
    void interrupt();
}
