package ringside.emulator.transport;

import ringside.emulator.device.VirtioDevice;
import ringside.emulator.device.VirtioFeatures;

/**
 * The common configuration structure (VIRTIO-1.2 §4.1.4.3). Reads take any offset and width; writes take effect in the
 * width of their field, 64-bit fields whole or by halves, others are ignored. Under the big lock.
 */
final class PciCommonConfig {
    private final VirtioDevice device;
    private final VirtioTransport core;
    private final PciInterrupts interrupts;
    private int seenGeneration;
    private int generation;

    PciCommonConfig(VirtioDevice device, VirtioTransport core, PciInterrupts interrupts) {
        this.device = device;
        this.core = core;
        this.interrupts = interrupts;
        this.seenGeneration = device.configGeneration();
    }

    /**
     * The device configuration is about to be read. The generation changes now, not when the configuration did: so a
     * driver sees a new one whenever it has read something new, however often 8 bits would have wrapped (§4.1.4.3.1).
     */
    void deviceConfigRead() {
        int now = device.configGeneration();
        if (now != seenGeneration) {
            seenGeneration = now;
            generation = generation + 1 & 0xff;
        }
    }

    long read(long offset, int widthBytes) {
        long value = 0;
        for (int i = 0; i < widthBytes; i++) {
            int at = (int) offset + i;
            if (at < PciCommonRegisters.BYTES) {
                value |= (long) (doubleword(at & ~3) >>> 8 * (at & 3) & 0xff) << 8 * i;
            }
        }
        return value;
    }

    private int doubleword(int offset) {
        return switch (offset) {
            case PciCommonRegisters.DEVICE_FEATURE_SELECT -> core.features().deviceSelect();
            case PciCommonRegisters.DEVICE_FEATURE -> core.features().offeredWord();
            case PciCommonRegisters.DRIVER_FEATURE_SELECT -> core.features().driverSelect();
            case PciCommonRegisters.DRIVER_FEATURE -> core.features().chosenWord();
            case PciCommonRegisters.CONFIG_MSIX_VECTOR -> interrupts.configVector() | device.queueCount() << 16;
            case PciCommonRegisters.DEVICE_STATUS -> core.status() | generation << 8 | core.queueSelect() << 16;
            default -> core.selectedExists() ? queueDoubleword(offset, core.selected()) : noQueue(offset);
        };
    }

    /** A queue that is not available has size 0 (§4.1.4.3.1), and no vector. */
    private static int noQueue(int offset) {
        return offset == PciCommonRegisters.QUEUE_SIZE ? PciCapability.NO_VECTOR << 16 : 0;
    }

    private int queueDoubleword(int offset, QueueRegisters queue) {
        return switch (offset) {
            case PciCommonRegisters.QUEUE_SIZE -> queue.num | interrupts.queueVector(queue.index) << 16;
            case PciCommonRegisters.QUEUE_ENABLE -> (queue.attached() ? 1 : 0) | queue.index << 16;
            case PciCommonRegisters.QUEUE_DESC -> (int) queue.descGpa;
            case PciCommonRegisters.QUEUE_DESC + 4 -> (int) (queue.descGpa >>> 32);
            case PciCommonRegisters.QUEUE_DRIVER -> (int) queue.driverGpa;
            case PciCommonRegisters.QUEUE_DRIVER + 4 -> (int) (queue.driverGpa >>> 32);
            case PciCommonRegisters.QUEUE_DEVICE -> (int) queue.deviceGpa;
            case PciCommonRegisters.QUEUE_DEVICE + 4 -> (int) (queue.deviceGpa >>> 32);
            case PciCommonRegisters.QUEUE_NOTIFY_DATA -> notifyData(queue) | (queue.resetting ? 1 : 0) << 16;
            default -> 0;
        };
    }

    private int notifyData(QueueRegisters queue) {
        return core.features().has(VirtioFeatures.VIRTIO_F_NOTIF_CONFIG_DATA) ? queue.index : 0;
    }

    void write(long offset, int widthBytes, long value) {
        switch (widthBytes) {
            case 1 -> {
                if (offset == PciCommonRegisters.DEVICE_STATUS) {
                    core.writeStatus((int) value & 0xff);
                }
            }
            case 2 -> write16((int) offset, (int) value & 0xffff);
            case 4 -> write32((int) offset, (int) value);
            case 8 -> {
                if (isAddress((int) offset)) {
                    write32((int) offset, (int) value);
                    write32((int) offset + 4, (int) (value >>> 32));
                }
            }
            default -> {
                // no such access
            }
        }
    }

    private static boolean isAddress(int offset) {
        return offset == PciCommonRegisters.QUEUE_DESC
                || offset == PciCommonRegisters.QUEUE_DRIVER
                || offset == PciCommonRegisters.QUEUE_DEVICE;
    }

    private void write16(int offset, int value) {
        switch (offset) {
            case PciCommonRegisters.CONFIG_MSIX_VECTOR -> interrupts.configVector(value);
            case PciCommonRegisters.QUEUE_SELECT -> core.queueSelect(value);
            case PciCommonRegisters.QUEUE_SIZE -> writeQueueSize(value);
            case PciCommonRegisters.QUEUE_MSIX_VECTOR -> {
                if (core.selectedExists()) {
                    interrupts.queueVector(core.queueSelect(), value);
                }
            }
            // A driver must not write 0 (§4.1.4.3.2): to stop a queue it resets it.
            case PciCommonRegisters.QUEUE_ENABLE -> {
                if (value == 1) {
                    core.enableSelected();
                }
            }
            case PciCommonRegisters.QUEUE_RESET -> {
                if (value == 1) {
                    core.resetSelected();
                }
            }
            default -> {
                // Read-only, or not the width of the field: no effect.
            }
        }
    }

    /** A split ring's reads back as 0 or a power of two, so another size is not taken (§4.1.4.3.1). */
    private void writeQueueSize(int size) {
        boolean packed = core.features().has(VirtioFeatures.VIRTIO_F_RING_PACKED);
        boolean possible = size >= 1 && size <= device.queueMaxSize() && (packed || Integer.bitCount(size) == 1);
        if (possible && core.selectedWritable()) {
            core.selected().num = size;
        }
    }

    private void write32(int offset, int value) {
        switch (offset) {
            case PciCommonRegisters.DEVICE_FEATURE_SELECT -> core.features().deviceSelect(value);
            case PciCommonRegisters.DRIVER_FEATURE_SELECT -> core.features().driverSelect(value);
            case PciCommonRegisters.DRIVER_FEATURE -> core.features().choose(value);
            default -> writeAddress(offset, value);
        }
    }

    private void writeAddress(int offset, int value) {
        if (!core.selectedWritable()) {
            return;
        }
        QueueRegisters queue = core.selected();
        switch (offset) {
            case PciCommonRegisters.QUEUE_DESC -> queue.descGpa = QueueRegisters.withLow(queue.descGpa, value);
            case PciCommonRegisters.QUEUE_DESC + 4 -> queue.descGpa = QueueRegisters.withHigh(queue.descGpa, value);
            case PciCommonRegisters.QUEUE_DRIVER -> queue.driverGpa = QueueRegisters.withLow(queue.driverGpa, value);
            case PciCommonRegisters.QUEUE_DRIVER + 4 ->
                queue.driverGpa = QueueRegisters.withHigh(queue.driverGpa, value);
            case PciCommonRegisters.QUEUE_DEVICE -> queue.deviceGpa = QueueRegisters.withLow(queue.deviceGpa, value);
            case PciCommonRegisters.QUEUE_DEVICE + 4 ->
                queue.deviceGpa = QueueRegisters.withHigh(queue.deviceGpa, value);
            default -> {
                // Read-only, or not the width of the field: no effect.
            }
        }
    }
}
