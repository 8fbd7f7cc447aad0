package ringside.emulator.pci;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * MSI-X of one function: capability, table and pending bits (PCI 3.0 §6.8.2 and §6.8.3).
 *
 * <p>Vectors fire on any thread, without a lock and without allocation; the other methods are called by one thread at a
 * time. An entry's address and data are published by the write that unmasks it; changing them unmasked is undefined, as
 * the specification has it.
 */
public final class MsixTable {
    private static final int MASKED = 1;
    private static final int PENDING = 2;

    private final int vectors;
    private final int[] table;
    /** Per vector whether it is held back, for whatever reason, and whether a message waits. */
    private final AtomicIntegerArray state;

    private volatile InterruptSink sink = InterruptSink.none();
    private volatile boolean enabled;
    private boolean functionMasked;
    private boolean busMaster;

    /** @param vectors 0..2048 */
    public MsixTable(int vectors) {
        if (vectors < 0 || vectors > PciRegisters.MSIX_MAX_VECTORS) {
            throw new IllegalArgumentException("MSI-X has at most 2048 vectors, not " + vectors);
        }
        this.vectors = vectors;
        this.table = new int[vectors * PciRegisters.MSIX_ENTRY_BYTES / 4];
        this.state = new AtomicIntegerArray(vectors);
        reset();
    }

    /** Number of entries. */
    public int vectors() {
        return vectors;
    }

    /** Length of the table in bytes. */
    public int tableBytes() {
        return vectors * PciRegisters.MSIX_ENTRY_BYTES;
    }

    /** Length of the pending bits in bytes: whole quadwords. */
    public int pbaBytes() {
        return (vectors + 63) / 64 * 8;
    }

    /**
     * Appends the capability; table and pending bits are in the same BAR.
     *
     * @param bar index
     * @param pbaOffset of the pending bits in the BAR; the table begins at 0
     * @return offset of the capability
     */
    public int addCapability(PciConfigSpace config, int bar, int pbaOffset) {
        int offset = config.addCapability(PciRegisters.CAP_ID_MSIX, PciRegisters.MSIX_CAP_BYTES);
        int control = offset + PciRegisters.MSIX_CONTROL;
        config.put(control, 2, vectors - 1);
        config.allowWrites(control, 2, PciRegisters.MSIX_CONTROL_ENABLE | PciRegisters.MSIX_CONTROL_FUNCTION_MASK);
        config.put(offset + PciRegisters.MSIX_TABLE, 4, bar);
        config.put(offset + PciRegisters.MSIX_PBA, 4, pbaOffset | bar);
        return offset;
    }

    /** Directs the messages. */
    public void connect(InterruptSink to) {
        sink = to;
        refresh();
    }

    /** Whether MSI-X is enabled: INT#x is not used then. Any thread. */
    public boolean enabled() {
        return enabled;
    }

    /** The message control register or the command register has changed. */
    public void control(int control, boolean mayMaster) {
        functionMasked = (control & PciRegisters.MSIX_CONTROL_FUNCTION_MASK) != 0;
        busMaster = mayMaster;
        enabled = (control & PciRegisters.MSIX_CONTROL_ENABLE) != 0;
        refresh();
    }

    private void refresh() {
        for (int vector = 0; vector < vectors; vector++) {
            refresh(vector);
        }
    }

    private void refresh(int vector) {
        boolean byTable = functionMasked || (word(vector, PciRegisters.MSIX_ENTRY_CONTROL) & 1) != 0;
        if (!enabled || !busMaster || byTable && !sink.masksVectors()) {
            state.getAndAccumulate(vector, MASKED, (a, b) -> a | b);
        } else if ((state.getAndSet(vector, 0) & PENDING) != 0) {
            send(vector);
        }
    }

    private int word(int vector, int field) {
        return table[(vector * PciRegisters.MSIX_ENTRY_BYTES + field) / 4];
    }

    /** Sends the message of a vector, or notes it as pending while it is masked. */
    public void fire(int vector) {
        int now = state.get(vector);
        while ((now & MASKED) != 0) {
            if ((now & PENDING) != 0 || state.compareAndSet(vector, now, now | PENDING)) {
                return;
            }
            now = state.get(vector);
        }
        send(vector);
    }

    private void send(int vector) {
        long low = Integer.toUnsignedLong(word(vector, 0) & ~3);
        long high = word(vector, PciRegisters.MSIX_ENTRY_ADDRESS_HIGH);
        sink.message(vector, high << 32 | low, word(vector, PciRegisters.MSIX_ENTRY_DATA));
    }

    /** A load from the table: any offset and width; 0 beyond the end. */
    public long readTable(long offset, int widthBytes) {
        long value = 0;
        for (int i = 0; i < widthBytes; i++) {
            long at = offset + i;
            if (at >= 0 && at < tableBytes()) {
                value |= (long) (table[(int) (at / 4)] >>> 8 * (int) (at % 4) & 0xff) << 8 * i;
            }
        }
        return value;
    }

    /** A store to the table: aligned double- and quadwords, as §6.8.2 demands; others are ignored. */
    public void writeTable(long offset, int widthBytes, long value) {
        boolean legal = (widthBytes == 4 || widthBytes == 8) && offset % widthBytes == 0;
        if (!legal || offset < 0 || offset + widthBytes > tableBytes()) {
            return;
        }
        int word = (int) (offset / 4);
        for (int i = 0; i < widthBytes / 4; i++) {
            boolean control = (word + i) % 4 == PciRegisters.MSIX_ENTRY_CONTROL / 4;
            int stored = (int) (value >>> 32 * i);
            table[word + i] = control ? stored & PciRegisters.MSIX_ENTRY_MASKED : stored;
        }
        refresh(word / 4);
    }

    /** A load from the pending bits: any offset and width; 0 beyond the end. Writes to them have no effect. */
    public long readPending(long offset, int widthBytes) {
        long value = 0;
        for (int bit = 0; bit < 8 * widthBytes; bit++) {
            long vector = offset * 8 + bit;
            if (vector >= 0 && vector < vectors && (state.get((int) vector) & PENDING) != 0) {
                value |= 1L << bit;
            }
        }
        return value;
    }

    /** Disabled, every entry masked, nothing pending. */
    public void reset() {
        java.util.Arrays.fill(table, 0);
        enabled = false;
        functionMasked = false;
        busMaster = false;
        for (int vector = 0; vector < vectors; vector++) {
            table[(vector * PciRegisters.MSIX_ENTRY_BYTES + PciRegisters.MSIX_ENTRY_CONTROL) / 4] =
                    PciRegisters.MSIX_ENTRY_MASKED;
            state.set(vector, MASKED);
        }
    }
}
