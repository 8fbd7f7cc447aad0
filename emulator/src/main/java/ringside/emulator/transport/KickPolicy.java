package ringside.emulator.transport;

/** What a write to QueueNotify does. */
public enum KickPolicy {
    /** The exit is handled by the device on the vCPU thread, under the big lock (QEMU without ioeventfd). */
    TRAPPED,
    /** The hypervisor turns the exit into an eventfd signal; the vCPU goes on without the lock (QEMU: ioeventfd=on). */
    IOEVENTFD
}
