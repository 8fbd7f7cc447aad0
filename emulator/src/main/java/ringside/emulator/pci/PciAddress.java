package ringside.emulator.pci;

/**
 * Where a function is on its segment.
 *
 * @param bus 0..255
 * @param device 0..31
 * @param function 0..7
 */
public record PciAddress(int bus, int device, int function) {
    /** Bytes of enhanced configuration space per function. */
    static final int ECAM_BYTES_SHIFT = 12;

    public static final int DEVICES = 32;

    /** Offset of the function's configuration space in the enhanced configuration access mechanism. */
    public long ecamOffset() {
        return (long) (bus << 8 | device << 3 | function) << ECAM_BYTES_SHIFT;
    }

    @Override
    public String toString() {
        return "%02x:%02x.%x".formatted(bus, device, function);
    }
}
