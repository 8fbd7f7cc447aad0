package ringside.emulator.transport;

import java.util.concurrent.atomic.AtomicInteger;
import ringside.emulator.device.DeviceStatus;
import ringside.emulator.device.VirtioDevice;
import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.eventloop.BigLock;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.virtqueue.Virtqueue;
import ringside.emulator.virtqueue.VirtqueueConfig;

/**
 * The register window of one virtio-mmio device, version 2 (VIRTIO-1.2 §4.2). Every access models a VM exit on the
 * calling vCPU thread: it takes the big lock, as QEMU handles exits, except QueueNotify under
 * {@link KickPolicy#IOEVENTFD} and the two interrupt registers (see {@link MmioInterrupts}).
 *
 * <p>Accesses that the specification forbids to a driver are ignored; reads of them give 0.
 */
public final class MmioTransport {
    private final VirtioDevice device;
    private final GuestMemory memory;
    private final BigLock lock;
    private final KickPolicy kickPolicy;
    private final AtomicInteger status = new AtomicInteger();
    private final MmioInterrupts interrupts;
    private final QueueRegisters[] queues;

    private int deviceFeaturesSel;
    private int driverFeaturesSel;
    private long driverFeatures;
    private boolean unknownFeatureBits;
    private int queueSel;

    public MmioTransport(VirtioDevice device, GuestMemory memory, BigLock lock, KickPolicy kickPolicy) {
        this.device = device;
        this.memory = memory;
        this.lock = lock;
        this.kickPolicy = kickPolicy;
        this.interrupts = new MmioInterrupts(device.queueCount(), status);
        this.queues = new QueueRegisters[device.queueCount()];
        for (int i = 0; i < queues.length; i++) {
            queues[i] = new QueueRegisters();
        }
    }

    /** Directs the interrupts of a queue to a vCPU; before the driver says DRIVER_OK. */
    public void routeInterrupt(int queue, InterruptRoute route) {
        interrupts.route(queue, route);
    }

    /** Why the device last asked for a reset; empty when it never did. For diagnostics, not visible to a guest. */
    public String lastFault() {
        return interrupts.lastFault();
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
            return interrupts.status();
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
            notifyQueue((int) value);
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

    /** The hot path: a kick. The value is unsigned; a queue that does not exist is ignored. */
    private void notifyQueue(int queue) {
        if (queue < 0 || queue >= queues.length) {
            return;
        }
        if (kickPolicy == KickPolicy.IOEVENTFD) {
            device.signalKick(queue);
            return;
        }
        lock.lock();
        try {
            device.kick(queue);
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
            case MmioRegisters.DEVICE_FEATURES -> featureWord(device.offeredFeatures(), deviceFeaturesSel);
            case MmioRegisters.QUEUE_NUM_MAX -> selected() == null ? 0 : device.queueMaxSize();
            case MmioRegisters.QUEUE_READY -> selected() == null || selected().ready == null ? 0 : 1;
            case MmioRegisters.STATUS -> status.get();
            // There are no shared memory regions: length and base read as all ones (§4.2.2).
            case MmioRegisters.SHM_LEN_LOW,
                    MmioRegisters.SHM_LEN_HIGH,
                    MmioRegisters.SHM_BASE_LOW,
                    MmioRegisters.SHM_BASE_HIGH -> -1;
            case MmioRegisters.CONFIG_GENERATION -> device.configGeneration();
            default -> 0;
        };
    }

    private static int featureWord(long features, int select) {
        return switch (select) {
            case 0 -> (int) features;
            case 1 -> (int) (features >>> 32);
            default -> 0;
        };
    }

    private QueueRegisters selected() {
        return queueSel >= 0 && queueSel < queues.length ? queues[queueSel] : null;
    }

    private void writeRegister(int offset, int value) {
        switch (offset) {
            case MmioRegisters.DEVICE_FEATURES_SEL -> deviceFeaturesSel = value;
            case MmioRegisters.DRIVER_FEATURES_SEL -> driverFeaturesSel = value;
            case MmioRegisters.DRIVER_FEATURES -> writeDriverFeatures(value);
            case MmioRegisters.QUEUE_SEL -> queueSel = value;
            case MmioRegisters.STATUS -> writeStatus(value);
            default -> writeQueueRegister(offset, value);
        }
    }

    /** After FEATURES_OK the choice stands until reset (§3.1.1). */
    private void writeDriverFeatures(int value) {
        if (has(DeviceStatus.FEATURES_OK)) {
            return;
        }
        switch (driverFeaturesSel) {
            case 0 -> driverFeatures = QueueRegisters.withLow(driverFeatures, value);
            case 1 -> driverFeatures = QueueRegisters.withHigh(driverFeatures, value);
            default -> unknownFeatureBits |= value != 0;
        }
    }

    private boolean has(int bit) {
        return (status.get() & bit) != 0;
    }

    /** Queue registers do not change while the queue is ready (§4.2.2.2). */
    private void writeQueueRegister(int offset, int value) {
        QueueRegisters queue = selected();
        if (queue == null) {
            return;
        }
        if (offset == MmioRegisters.QUEUE_READY) {
            writeQueueReady(queue, value);
            return;
        }
        if (queue.ready != null) {
            return;
        }
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

    private void writeQueueReady(QueueRegisters queue, int value) {
        if (value == 1 && queue.ready == null) {
            queue.ready = activateQueue(queue);
        } else if (value == 0 && queue.ready != null) {
            stopQueue(queue);
        }
    }

    /** Returns null, and asks for a reset, when the driver's set-up is impossible. */
    private Virtqueue activateQueue(QueueRegisters queue) {
        boolean tooLarge = queue.num < 1 || queue.num > device.queueMaxSize();
        VirtqueueConfig config = new VirtqueueConfig(
                queue.num,
                queue.descGpa,
                queue.driverGpa,
                queue.deviceGpa,
                (driverFeatures & VirtioFeatures.VIRTIO_F_INDIRECT_DESC) != 0,
                (driverFeatures & VirtioFeatures.VIRTIO_F_EVENT_IDX) != 0);
        String problem = tooLarge
                ? "queue size " + Integer.toUnsignedString(queue.num) + " exceeds QueueNumMax"
                : config.problem(memory).orElse("");
        if (!has(DeviceStatus.FEATURES_OK)) {
            problem = "QueueReady before FEATURES_OK";
        }
        if (!problem.isEmpty()) {
            interrupts.needsReset("queue " + queueSel + ": " + problem);
            return null;
        }
        return config.activate(memory);
    }

    /**
     * Without VIRTIO_F_RING_RESET a driver may stop a queue only on its way to a reset; to keep the promise that a queue
     * which is not ready is not touched (§4.2.2.1), the device stops as a whole.
     */
    private void stopQueue(QueueRegisters queue) {
        if (has(DeviceStatus.DRIVER_OK)) {
            device.reset();
        }
        queue.ready = null;
    }

    private void writeStatus(int value) {
        if (value == 0) {
            reset();
            return;
        }
        int before = status.get();
        int requested = value & 0xff;
        if ((requested & DeviceStatus.FEATURES_OK) != 0 && (before & DeviceStatus.FEATURES_OK) == 0) {
            if (!featuresAcceptable()) {
                requested &= ~DeviceStatus.FEATURES_OK;
            } else {
                device.negotiated(driverFeatures);
            }
        }
        boolean start = (requested & DeviceStatus.DRIVER_OK) != 0 && (before & DeviceStatus.DRIVER_OK) == 0;
        boolean negotiated = ((before | requested) & DeviceStatus.FEATURES_OK) != 0;
        if (start && !negotiated) {
            requested &= ~DeviceStatus.DRIVER_OK;
            start = false;
        }
        // A driver must not clear bits (§2.1.1), so what was set stays set; NEEDS_RESET is the device's to set.
        int bits = requested & ~DeviceStatus.DEVICE_NEEDS_RESET;
        status.getAndAccumulate(bits, (a, b) -> a | b);
        if (start && (before & DeviceStatus.DEVICE_NEEDS_RESET) == 0) {
            device.activate(readyQueues(), interrupts);
        }
    }

    private boolean featuresAcceptable() {
        boolean subset = (driverFeatures & ~device.offeredFeatures()) == 0 && !unknownFeatureBits;
        boolean modern = (driverFeatures & VirtioFeatures.VIRTIO_F_VERSION_1) != 0;
        return subset && modern && device.accepts(driverFeatures);
    }

    private Virtqueue[] readyQueues() {
        Virtqueue[] ready = new Virtqueue[queues.length];
        for (int i = 0; i < ready.length; i++) {
            ready[i] = queues[i].ready;
        }
        return ready;
    }

    /** After this, status reads 0 and neither queues nor interrupts of the old life are touched (§2.4.1). */
    private void reset() {
        device.reset();
        for (QueueRegisters queue : queues) {
            queue.clear();
        }
        driverFeatures = 0;
        unknownFeatureBits = false;
        deviceFeaturesSel = 0;
        driverFeaturesSel = 0;
        queueSel = 0;
        status.set(0);
        interrupts.clear();
    }
}
