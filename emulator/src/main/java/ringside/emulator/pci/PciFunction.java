package ringside.emulator.pci;

/**
 * One PCI function (PCI Local Bus Specification 3.0, §6) as a host bridge drives it, or a server that lends it to
 * another process.
 *
 * <p>All methods may be called from any thread; the function takes the lock of its device itself, so the caller holds
 * none. Doorbells take no lock where kicks are eventfds. Whatever a guest writes, at whatever offset and width: no
 * method throws because of it.
 */
public interface PciFunction {
    /** Size of the configuration space: a conventional function without extended capabilities. */
    int CONFIG_BYTES = 256;

    /** Number of base address registers. */
    int BARS = 6;

    /**
     * Reads configuration space. Has side effects in the data field of VIRTIO_PCI_CAP_PCI_CFG only.
     *
     * @param offset byte offset
     * @param widthBytes 1, 2 or 4; need not be aligned
     * @return the value, zero-extended; all ones when any byte lies outside, or for another width
     */
    int configRead(int offset, int widthBytes);

    /**
     * Writes configuration space; read-only bits stay, writes outside are ignored.
     *
     * @param offset byte offset
     * @param widthBytes 1, 2 or 4; need not be aligned
     */
    void configWrite(int offset, int widthBytes, int value);

    /**
     * What begins in a base address register. Fixed for the life of a function.
     *
     * @param index 0..5
     * @return {@link PciBar#NONE} for an unused register and for the upper half of a 64-bit BAR
     */
    PciBar bar(int index);

    /**
     * A load from what a BAR maps. The caller decodes addresses: this works whether memory decoding is enabled or not.
     *
     * @param bar index of its (first) register
     * @param offset byte offset from its base
     * @param widthBytes 1, 2, 4 or 8
     * @return the value, zero-extended; 0 where nothing is
     */
    long barRead(int bar, long offset, int widthBytes);

    /**
     * A store to what a BAR maps; ignored where nothing is.
     *
     * @param bar index of its (first) register
     * @param offset byte offset from its base
     * @param widthBytes 1, 2, 4 or 8
     */
    void barWrite(int bar, long offset, int widthBytes, long value);

    /** Entries of the MSI-X table, 0..2048; 0 for a function without MSI-X. */
    int vectors();

    /**
     * Directs the interrupts. A line that is asserted already is reported at once; a message under way may still go to the
     * sink that was connected before.
     */
    void connect(InterruptSink sink);

    /** Level of INT#x now: who unmasks a level-triggered interrupt looks at it. */
    boolean intxAsserted();

    /** Back to the state after power-on: configuration space, BARs, MSI-X and the device. Waits for requests in flight. */
    void reset();

    /**
     * Runs a change of the guest memory that this function accesses. No request is in flight meanwhile and none is taken;
     * afterwards queues go on where they stopped, those at least whose rings are mapped.
     *
     * @param change maps and unmaps; on the calling thread
     */
    void whilePaused(Runnable change);
}
