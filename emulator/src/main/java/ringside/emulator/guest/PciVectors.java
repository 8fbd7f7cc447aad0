package ringside.emulator.guest;

import java.util.Arrays;
import java.util.List;
import ringside.emulator.pci.PciRegisters;
import ringside.emulator.transport.InterruptController;
import ringside.emulator.transport.InterruptRoute;
import ringside.emulator.transport.PciCapability;

/**
 * How a driver spreads the interrupts of a device over MSI-X vectors: one per queue and one for the configuration where
 * the table is large enough, else one for all queues beside that of the configuration, else one for everything, else
 * INT#x. What is shared interrupts every vCPU that has a queue.
 */
final class PciVectors {
    private static final int FIRST_DATA = 0x30;

    private final PciDevice device;
    private final InterruptController controller;
    private final int vectors;
    private final boolean perQueue;
    private final long tableGpa;
    private final InterruptRoute toAll = this::interruptAll;
    private final InterruptRoute toAllForConfig = this::configInterrupt;
    private volatile InterruptRoute[] cpus = {};
    private volatile boolean configPending;

    PciVectors(PciDevice device, InterruptController controller, int queues) {
        this.device = device;
        this.controller = controller;
        List<Integer> capabilities = device.capabilities(PciRegisters.CAP_ID_MSIX);
        if (capabilities.isEmpty()) {
            this.vectors = 0;
            this.perQueue = false;
            this.tableGpa = 0;
            controller.routeLine(device.address(), toAll);
            return;
        }
        int capability = capabilities.getFirst();
        int control = device.config(capability + PciRegisters.MSIX_CONTROL, 2);
        this.vectors = (control & PciRegisters.MSIX_CONTROL_SIZE_MASK) + 1;
        this.perQueue = vectors > queues;
        int table = device.config(capability + PciRegisters.MSIX_TABLE, 4);
        this.tableGpa = device.base(table & PciRegisters.MSIX_BIR_MASK) + (table & ~PciRegisters.MSIX_BIR_MASK);
        program(configVector(), toAllForConfig);
        if (!perQueue && vectors > 1) {
            program(1, toAll);
        }
        device.putConfig(capability + PciRegisters.MSIX_CONTROL, 2, PciRegisters.MSIX_CONTROL_ENABLE);
    }

    boolean msix() {
        return vectors > 0;
    }

    /** Vector of configuration changes; with a single vector of everything. */
    int configVector() {
        return msix() ? 0 : PciCapability.NO_VECTOR;
    }

    int queueVector(int queue) {
        if (!msix()) {
            return PciCapability.NO_VECTOR;
        }
        return perQueue ? queue + 1 : Math.min(1, vectors - 1);
    }

    /** Directs a queue's vector to a vCPU; a shared one also to this. */
    void route(int queue, InterruptRoute cpu) {
        InterruptRoute[] known = cpus;
        if (Arrays.stream(known).noneMatch(other -> other == cpu)) {
            InterruptRoute[] more = Arrays.copyOf(known, known.length + 1);
            more[known.length] = cpu;
            cpus = more;
        }
        if (perQueue) {
            program(queueVector(queue), cpu);
        }
    }

    /** An entry is changed only while it is masked (PCI 3.0 §6.8.3.5). */
    private void program(int vector, InterruptRoute to) {
        long entry = tableGpa + (long) vector * PciRegisters.MSIX_ENTRY_BYTES;
        long address = InterruptController.messageAddress(controller.destination(to));
        store(entry, PciRegisters.MSIX_ENTRY_CONTROL, PciRegisters.MSIX_ENTRY_MASKED);
        store(entry, 0, address);
        store(entry, PciRegisters.MSIX_ENTRY_ADDRESS_HIGH, address >>> 32);
        store(entry, PciRegisters.MSIX_ENTRY_DATA, FIRST_DATA + (long) vector);
        store(entry, PciRegisters.MSIX_ENTRY_CONTROL, 0);
    }

    private void store(long entry, int field, long value) {
        device.bridge().write(entry + field, 4, value);
    }

    private void interruptAll() {
        for (InterruptRoute cpu : cpus) {
            cpu.interrupt();
        }
    }

    private void configInterrupt() {
        configPending = true;
        interruptAll();
    }

    /** Whether the configuration vector has fired since the last look. */
    boolean takeConfigPending() {
        if (!configPending) {
            return false; // nearly always: no store to a line that every vCPU reads
        }
        configPending = false;
        return true;
    }
}
