package ringside.emulator.pci;

/**
 * What a function asks of one base address register. All BARs here are memory BARs.
 *
 * @param sizeBytes a power of two, at least 16; 0 where there is no BAR
 * @param wide whether it is a 64-bit BAR, which also takes the next register
 * @param prefetchable whether reads have no side effects, so that a bridge may merge and prefetch
 */
public record PciBar(long sizeBytes, boolean wide, boolean prefetchable) {
    /** No BAR begins in this register. */
    public static final PciBar NONE = new PciBar(0, false, false);

    public PciBar {
        boolean fits = wide || sizeBytes <= 1L << 31;
        if (sizeBytes != 0 && (sizeBytes < 16 || Long.bitCount(sizeBytes) != 1 || !fits)) {
            throw new IllegalArgumentException("a BAR's size must be a power of two from 16 on, it is " + sizeBytes);
        }
    }

    /** Whether there is a BAR. */
    public boolean present() {
        return sizeBytes != 0;
    }

    /** The read-only low bits of the register: type and prefetchable (PCI 3.0 §6.2.5.1). */
    int typeBits() {
        return (wide ? 4 : 0) | (prefetchable ? 8 : 0);
    }
}
