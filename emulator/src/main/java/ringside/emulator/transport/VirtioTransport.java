package ringside.emulator.transport;

import ringside.emulator.device.DeviceStatus;
import ringside.emulator.device.VirtioDevice;
import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.eventloop.BigLock;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.virtqueue.VirtqueueConfig;

/**
 * What virtio-mmio and virtio-pci have in common behind their registers: device status, negotiation, queues and kicks
 * (VIRTIO-1.2 §2 and §3.1.1). A transport knows offsets and widths, this knows what a write means.
 *
 * <p>All methods are called with the big lock held, except {@link #kick} and {@link #status()}.
 */
final class VirtioTransport {
    private final VirtioDevice device;
    private final GuestMemory memory;
    private final BigLock lock;
    private final KickPolicy kickPolicy;
    private final StatusRegister status;
    private final TransportInterrupts interrupts;
    private final FeatureNegotiation features;
    private final TransportQueues queues;
    private int queueSelect;

    /** @param moreFeatures what this kind of transport offers beyond the common ones */
    VirtioTransport(TransportParts parts, StatusRegister status, TransportInterrupts interrupts, long moreFeatures) {
        this.device = parts.device();
        this.memory = parts.memory();
        this.lock = parts.lock();
        this.kickPolicy = parts.kickPolicy();
        this.status = status;
        this.interrupts = interrupts;
        this.features = new FeatureNegotiation(device, parts.features() | moreFeatures);
        this.queues = new TransportQueues(parts, status, interrupts, this::afterReset);
    }

    FeatureNegotiation features() {
        return features;
    }

    TransportQueues queues() {
        return queues;
    }

    /** Any thread. */
    int status() {
        return status.get();
    }

    String lastFault() {
        return status.lastFault();
    }

    int queueSelect() {
        return queueSelect;
    }

    void queueSelect(int queue) {
        queueSelect = queue;
    }

    /** Whether the selected queue exists. */
    boolean selectedExists() {
        return queueSelect >= 0 && queueSelect < queues.count();
    }

    /** The selected queue, which exists. */
    QueueRegisters selected() {
        return queues.get(queueSelect);
    }

    /** Whether the registers of the selected queue may be written now: it exists and is not in use. */
    boolean selectedWritable() {
        return selectedExists() && !selected().inUse() && !queues.resettingDevice();
    }

    /** The hot path: a kick. A queue that does not exist is ignored. Any thread, without the lock. */
    void kick(int queue) {
        if (queue < 0 || queue >= queues.count()) {
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

    /** A write to the device status; 0 resets. */
    void writeStatus(int value) {
        if (value == 0) {
            queues.resetDevice();
            return;
        }
        if (queues.resettingDevice()) {
            return;
        }
        int requested = value & 0xff;
        boolean featuresOk = (requested & DeviceStatus.FEATURES_OK) != 0 && !status.has(DeviceStatus.FEATURES_OK);
        if (featuresOk && !features.fix()) {
            requested &= ~DeviceStatus.FEATURES_OK;
        }
        if (((status.get() | requested) & DeviceStatus.FEATURES_OK) == 0) {
            requested &= ~DeviceStatus.DRIVER_OK;
        }
        // A driver must not clear bits (§2.1.1), so what was set stays set; NEEDS_RESET is the device's to set.
        status.add(requested & ~DeviceStatus.DEVICE_NEEDS_RESET);
        queues.update();
    }

    /** The driver makes the selected queue ready. An impossible set-up asks for a reset of the device. */
    void enableSelected() {
        if (!selectedWritable()) {
            return;
        }
        QueueRegisters queue = selected();
        VirtqueueConfig config = config(queue);
        String problem = problem(queue, config);
        if (!problem.isEmpty()) {
            interrupts.needsReset("queue " + queue.index + ": " + problem);
            return;
        }
        queue.config = config;
        queue.ring = config.activate(memory);
        queue.enabled = true;
        queues.update();
    }

    private VirtqueueConfig config(QueueRegisters queue) {
        return new VirtqueueConfig(
                queue.num, queue.descGpa, queue.driverGpa, queue.deviceGpa, VirtioFeatures.ring(features.chosen()));
    }

    private String problem(QueueRegisters queue, VirtqueueConfig config) {
        if (!status.has(DeviceStatus.FEATURES_OK)) {
            return "made ready before FEATURES_OK";
        }
        if (queue.num < 1 || queue.num > device.queueMaxSize()) {
            return "size " + Integer.toUnsignedString(queue.num) + " exceeds the maximum of " + device.queueMaxSize();
        }
        return config.problem(memory).orElse("");
    }

    /** The driver stops the selected queue: the device lets go of it, and afterwards it is not in use any more. */
    void disableSelected() {
        if (selectedExists() && selected().enabled && !queues.resettingDevice()) {
            selected().enabled = false;
            queues.update();
        }
    }

    /** The driver resets the selected queue (§2.6.1). */
    void resetSelected() {
        boolean negotiated = features.has(VirtioFeatures.VIRTIO_F_RING_RESET);
        if (negotiated && selectedExists() && !queues.resettingDevice()) {
            selected().resetting = true;
            queues.update();
        }
    }

    /** After this, status reads 0 and neither queues nor interrupts of the old life are touched (§2.4.1). */
    private void afterReset() {
        features.reset();
        queueSelect = 0;
        status.clear();
        interrupts.reset();
    }
}
