package ringside.emulator.transport;

import ringside.emulator.device.VirtioDevice;
import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.eventloop.BigLock;
import ringside.emulator.memory.GuestMemory;

/**
 * The register window of one virtio-mmio device, version 2 (VIRTIO-1.2 §4.2). Every access models a VM exit on the
 * calling vCPU thread: it takes the big lock, as QEMU handles exits, except QueueNotify under
 * {@link KickPolicy#IOEVENTFD} and the two interrupt registers (see {@link MmioInterrupts}).
 *
 * <p>Accesses that the specification forbids to a driver are ignored; reads of them give 0.
 */
public final class MmioTransport {
    private static final int QUEUE_INDEX_MASK = 0xffff;

    private final VirtioDevice device;
    private final BigLock lock;
    private final MmioInterrupts interrupts;
    private final VirtioTransport core;

    /** Kicks carry more than the queue's index (VIRTIO_F_NOTIFICATION_DATA). Read without the lock. */
    private volatile boolean notificationData;

    public MmioTransport(VirtioDevice device, GuestMemory memory, BigLock lock, KickPolicy kickPolicy) {
        this(new TransportParts(device, memory, lock, kickPolicy));
    }

    public MmioTransport(TransportParts parts) {
        this.device = parts.device();
        this.lock = parts.lock();
        StatusRegister status = new StatusRegister();
        this.interrupts = new MmioInterrupts(device.queueCount(), status);
        this.core = new VirtioTransport(parts, status, interrupts, 0);
    }

    /** Directs the interrupts of a queue to a vCPU; before the driver says DRIVER_OK. */
    public void routeInterrupt(int queue, InterruptRoute route) {
        interrupts.route(queue, route);
    }

    /** Why the device last asked for a reset; empty when it never did. For diagnostics, not visible to a guest. */
    public String lastFault() {
        return core.lastFault();
    }

    /**
     * A load from the window.
     *
     * @param offset byte offset in the window
     * @param widthBytes 1, 2, 4 or 8
     * @return the value, zero-extended
     */
    public long read(int offset, int widthBytes) {
        if (offset == MmioRegisters.INTERRUPT_STATUS && widthBytes == 4) {
            return interrupts.pending();
        }
        lock.lock();
        try {
            if (offset >= MmioRegisters.CONFIG) {
                return readConfig(offset - MmioRegisters.CONFIG, widthBytes);
            }
            boolean legal = widthBytes == 4 && offset % 4 == 0 && offset >= 0;
            return legal ? Integer.toUnsignedLong(readRegister(offset)) : 0;
        } finally {
            lock.unlock();
        }
    }

    /**
     * A store to the window.
     *
     * @param offset byte offset in the window
     * @param widthBytes 1, 2, 4 or 8
     */
    public void write(int offset, int widthBytes, long value) {
        if (offset == MmioRegisters.QUEUE_NOTIFY && widthBytes == 4) {
            core.kick(notificationData ? (int) value & QUEUE_INDEX_MASK : (int) value);
            return;
        }
        if (offset == MmioRegisters.INTERRUPT_ACK && widthBytes == 4) {
            interrupts.acknowledge((int) value);
            return;
        }
        lock.lock();
        try {
            if (offset >= MmioRegisters.CONFIG) {
                device.writeConfig(offset - MmioRegisters.CONFIG, widthBytes, value);
            } else if (widthBytes == 4 && offset % 4 == 0 && offset >= 0) {
                writeRegister(offset, (int) value);
            }
        } finally {
            lock.unlock();
        }
    }

    private long readConfig(int offset, int widthBytes) {
        long value = 0;
        for (int i = 0; i < widthBytes; i++) {
            value |= (long) device.readConfig(offset + i) << (8 * i);
        }
        return value;
    }

    private int readRegister(int offset) {
        return switch (offset) {
            case MmioRegisters.MAGIC_VALUE -> MmioRegisters.MAGIC;
            case MmioRegisters.VERSION -> MmioRegisters.VERSION_2;
            case MmioRegisters.DEVICE_ID -> device.deviceType();
            case MmioRegisters.VENDOR_ID -> MmioRegisters.VENDOR;
            case MmioRegisters.DEVICE_FEATURES -> core.features().offeredWord();
            case MmioRegisters.QUEUE_NUM_MAX -> core.selectedExists() ? device.queueMaxSize() : 0;
            // Still 1 while the device lets go of the ring, so that reading it back is the synchronisation (§4.2.2.2).
            case MmioRegisters.QUEUE_READY ->
                core.selectedExists() && core.selected().attached() ? 1 : 0;
            case MmioRegisters.QUEUE_RESET -> core.selectedExists() && core.selected().resetting ? 1 : 0;
            case MmioRegisters.STATUS -> core.status();
            // There are no shared memory regions: length and base read as all ones (§4.2.2).
            case MmioRegisters.SHM_LEN_LOW,
                    MmioRegisters.SHM_LEN_HIGH,
                    MmioRegisters.SHM_BASE_LOW,
                    MmioRegisters.SHM_BASE_HIGH -> -1;
            case MmioRegisters.CONFIG_GENERATION -> device.configGeneration();
            default -> 0;
        };
    }

    private void writeRegister(int offset, int value) {
        switch (offset) {
            case MmioRegisters.DEVICE_FEATURES_SEL -> core.features().deviceSelect(value);
            case MmioRegisters.DRIVER_FEATURES_SEL -> core.features().driverSelect(value);
            case MmioRegisters.DRIVER_FEATURES -> core.features().choose(value);
            case MmioRegisters.QUEUE_SEL -> core.queueSelect(value);
            case MmioRegisters.STATUS -> writeStatus(value);
            case MmioRegisters.QUEUE_READY -> writeQueueReady(value);
            case MmioRegisters.QUEUE_RESET -> {
                if (value == 1) {
                    core.resetSelected();
                }
            }
            default -> writeQueueRegister(offset, value);
        }
    }

    private void writeStatus(int value) {
        core.writeStatus(value);
        notificationData = core.features().has(VirtioFeatures.VIRTIO_F_NOTIFICATION_DATA);
    }

    private void writeQueueReady(int value) {
        if (value == 1) {
            core.enableSelected();
        } else if (value == 0) {
            core.disableSelected();
        }
    }

    /** Queue registers do not change while the queue is ready (§4.2.2.2). */
    private void writeQueueRegister(int offset, int value) {
        if (!core.selectedWritable()) {
            return;
        }
        QueueRegisters queue = core.selected();
        switch (offset) {
            case MmioRegisters.QUEUE_NUM -> queue.num = value;
            case MmioRegisters.QUEUE_DESC_LOW -> queue.descGpa = QueueRegisters.withLow(queue.descGpa, value);
            case MmioRegisters.QUEUE_DESC_HIGH -> queue.descGpa = QueueRegisters.withHigh(queue.descGpa, value);
            case MmioRegisters.QUEUE_DRIVER_LOW -> queue.driverGpa = QueueRegisters.withLow(queue.driverGpa, value);
            case MmioRegisters.QUEUE_DRIVER_HIGH -> queue.driverGpa = QueueRegisters.withHigh(queue.driverGpa, value);
            case MmioRegisters.QUEUE_DEVICE_LOW -> queue.deviceGpa = QueueRegisters.withLow(queue.deviceGpa, value);
            case MmioRegisters.QUEUE_DEVICE_HIGH -> queue.deviceGpa = QueueRegisters.withHigh(queue.deviceGpa, value);
            default -> {
                // Read-only, undefined or write-ignored: no effect.
            }
        }
    }
}
