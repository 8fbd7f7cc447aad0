package ringside.emulator.transport;

import ringside.emulator.device.VirtioDevice;
import ringside.emulator.device.VirtioFeatures;

/** Offer and choice of feature bits, 32 at a time (VIRTIO-1.2 §2.2). Under the big lock. */
final class FeatureNegotiation {
    private final VirtioDevice device;
    private final long ofTransport;
    private int deviceSelect;
    private int driverSelect;
    private long chosen;
    private boolean unknownBits;
    private boolean fixed;

    /** @param ofTransport features that the transport offers beside those of the device */
    FeatureNegotiation(VirtioDevice device, long ofTransport) {
        this.device = device;
        this.ofTransport = ofTransport;
    }

    long offered() {
        return device.offeredFeatures() | ofTransport;
    }

    /** What the driver chose; of a meaning only once it is fixed. */
    long chosen() {
        return chosen;
    }

    boolean has(long feature) {
        return fixed && (chosen & feature) != 0;
    }

    int deviceSelect() {
        return deviceSelect;
    }

    void deviceSelect(int select) {
        deviceSelect = select;
    }

    int driverSelect() {
        return driverSelect;
    }

    void driverSelect(int select) {
        driverSelect = select;
    }

    int offeredWord() {
        return word(offered(), deviceSelect);
    }

    int chosenWord() {
        return word(chosen, driverSelect);
    }

    private static int word(long features, int select) {
        return switch (select) {
            case 0 -> (int) features;
            case 1 -> (int) (features >>> 32);
            default -> 0;
        };
    }

    /** After FEATURES_OK the choice stands until reset (§3.1.1). */
    void choose(int word) {
        if (fixed) {
            return;
        }
        switch (driverSelect) {
            case 0 -> chosen = QueueRegisters.withLow(chosen, word);
            case 1 -> chosen = QueueRegisters.withHigh(chosen, word);
            default -> unknownBits |= word != 0;
        }
    }

    /** The driver says FEATURES_OK. Returns whether the device does, too. */
    boolean fix() {
        boolean subset = (chosen & ~offered()) == 0 && !unknownBits;
        boolean modern = (chosen & VirtioFeatures.VIRTIO_F_VERSION_1) != 0;
        if (!subset || !modern || !device.accepts(chosen)) {
            return false;
        }
        fixed = true;
        device.negotiated(chosen);
        return true;
    }

    void reset() {
        deviceSelect = 0;
        driverSelect = 0;
        chosen = 0;
        unknownBits = false;
        fixed = false;
    }
}
