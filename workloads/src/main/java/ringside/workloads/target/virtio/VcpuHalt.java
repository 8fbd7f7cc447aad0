package ringside.workloads.target.virtio;

import ringside.emulator.guest.VirtualCpu;
import ringside.workloads.target.HaltPolicy;

/** A load thread halts like a vCPU, and after an interrupt does what an interrupt handler does on the transport. */
final class VcpuHalt implements HaltPolicy {
    private final VirtualCpu cpu;
    private final VirtioBlkTarget[] targets;

    VcpuHalt(VirtualCpu cpu, VirtioBlkTarget[] targets) {
        this.cpu = cpu;
        this.targets = targets;
    }

    @Override
    public void halt(long maxNs) {
        if (cpu.halt(maxNs)) {
            for (VirtioBlkTarget target : targets) {
                target.handleInterrupt();
            }
        }
    }
}
