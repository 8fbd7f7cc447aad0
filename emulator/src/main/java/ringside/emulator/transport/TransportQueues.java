package ringside.emulator.transport;

import ringside.emulator.device.DeviceStatus;
import ringside.emulator.device.VirtioDevice;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.virtqueue.Virtqueue;

/**
 * Makes the device work on those queues that the registers want it to work on. Under the big lock.
 *
 * <p>Stopping a queue waits for its requests in flight, and other vCPUs may take the lock and write registers meanwhile.
 * They only say what they want; the one that is at it already carries it out before it returns. So the device never sees
 * two control operations at a time, and a second vCPU never waits for what the first one began.
 */
final class TransportQueues {
    private final VirtioDevice device;
    private final GuestMemory memory;
    private final StatusRegister status;
    private final TransportInterrupts interrupts;
    private final Runnable afterReset;
    private final boolean trapped;
    private final QueueRegisters[] queues;

    private boolean working;
    private boolean deviceReset;
    private int holds;

    /** @param afterReset resets the other registers, together with the queues */
    TransportQueues(TransportParts parts, StatusRegister status, TransportInterrupts interrupts, Runnable afterReset) {
        this.device = parts.device();
        this.memory = parts.memory();
        this.trapped = parts.kickPolicy() == KickPolicy.TRAPPED;
        this.status = status;
        this.interrupts = interrupts;
        this.afterReset = afterReset;
        this.queues = new QueueRegisters[device.queueCount()];
        for (int i = 0; i < queues.length; i++) {
            queues[i] = new QueueRegisters(i, device.queueMaxSize());
        }
    }

    int count() {
        return queues.length;
    }

    QueueRegisters get(int index) {
        return queues[index];
    }

    /** Whether a reset of the device is under way: registers stand until it is complete. */
    boolean resettingDevice() {
        return deviceReset;
    }

    /** Resets the device and all queues; when this returns it is complete, unless another vCPU is at it. */
    void resetDevice() {
        deviceReset = true;
        update();
    }

    /** Keeps the device off all queues until as many calls of {@link #release()}. */
    void hold() {
        holds++;
        update();
    }

    void release() {
        holds--;
        update();
    }

    /** Whether the device works on none. */
    boolean idle() {
        for (QueueRegisters queue : queues) {
            if (queue.running) {
                return false;
            }
        }
        return !working;
    }

    /** Looks up all rings again after memory has changed. While idle and held. */
    void translate() {
        for (QueueRegisters queue : queues) {
            if (queue.ring != null) {
                queue.base = queue.ring.base();
                queue.ring = null;
            }
            if (queue.enabled && queue.config.problem(memory).isEmpty()) {
                queue.ring = queue.config.activate(memory);
                queue.ring.resume(queue.base, null);
            }
        }
    }

    /** Stops and starts what the registers say. */
    void update() {
        if (working) {
            return;
        }
        working = true;
        try {
            while (stopOne()) {
                // The lock may have been given up: look at everything again.
            }
            startAll();
        } finally {
            working = false;
        }
    }

    private boolean stopOne() {
        if (deviceReset) {
            device.reset();
            for (QueueRegisters queue : queues) {
                queue.clear();
            }
            afterReset.run();
            deviceReset = false;
            return true;
        }
        for (QueueRegisters queue : queues) {
            if (queue.resetting || queue.running && !wanted(queue)) {
                stop(queue);
                return true;
            }
        }
        return false;
    }

    private void stop(QueueRegisters queue) {
        if (queue.running) {
            device.stopQueue(queue.index);
            queue.running = false;
        }
        if (deviceReset) {
            return; // came meanwhile, and clears everything
        }
        if (queue.resetting) {
            queue.clear(); // available and used state included: the next ring begins at 0 (VIRTIO-1.2 §2.6.1.1)
            interrupts.resetQueue(queue.index);
        } else if (!queue.enabled) {
            queue.ring = null;
        } else if (queue.ring.hasUnannounced() && queue.ring.needsNotification()) {
            interrupts.used(queue.index); // the queue will go on, so its driver must learn of what was finished last
        }
    }

    private boolean wanted(QueueRegisters queue) {
        return queue.enabled && holds == 0 && status.has(DeviceStatus.DRIVER_OK);
    }

    private void startAll() {
        Virtqueue[] rings = new Virtqueue[queues.length];
        boolean any = false;
        for (QueueRegisters queue : queues) {
            boolean start = !queue.running && queue.ring != null && wanted(queue);
            if (start && !status.has(DeviceStatus.DEVICE_NEEDS_RESET)) {
                queue.running = true;
                rings[queue.index] = queue.ring;
                any = true;
            }
        }
        if (any) {
            device.activate(rings, interrupts);
            kick(rings);
        }
    }

    /** A loop looks at a ring that it begins to serve. Without one a kick that came too early would be lost. */
    private void kick(Virtqueue[] rings) {
        for (int q = 0; trapped && q < rings.length; q++) {
            if (rings[q] != null) {
                device.kick(q);
            }
        }
    }
}
