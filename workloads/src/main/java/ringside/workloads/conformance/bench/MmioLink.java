package ringside.workloads.conformance.bench;

import java.util.concurrent.atomic.AtomicInteger;
import ringside.emulator.transport.MmioTransport;

/** Registers of virtio-mmio by their offsets (VIRTIO-1.2 §4.2.2). Its queues' interrupts are counted where they arrive. */
public final class MmioLink implements RegisterLink {
    public static final int MAGIC_VALUE = 0x00;
    public static final int VERSION = 0x04;
    public static final int DEVICE_ID = 0x08;
    public static final int VENDOR_ID = 0x0c;
    public static final int DEVICE_FEATURES = 0x10;
    public static final int DEVICE_FEATURES_SEL = 0x14;
    public static final int DRIVER_FEATURES = 0x20;
    public static final int DRIVER_FEATURES_SEL = 0x24;
    public static final int QUEUE_SEL = 0x30;
    public static final int QUEUE_NUM_MAX = 0x34;
    public static final int QUEUE_NUM = 0x38;
    public static final int QUEUE_READY = 0x44;
    public static final int QUEUE_NOTIFY = 0x50;
    public static final int INTERRUPT_STATUS = 0x60;
    public static final int INTERRUPT_ACK = 0x64;
    public static final int STATUS = 0x70;
    public static final int QUEUE_DESC = 0x80;
    public static final int QUEUE_DRIVER = 0x90;
    public static final int QUEUE_DEVICE = 0xa0;
    public static final int SHM_SEL = 0xac;
    public static final int SHM_LEN_LOW = 0xb0;
    public static final int QUEUE_RESET = 0xc0;
    public static final int CONFIG_GENERATION = 0xfc;
    public static final int CONFIG = 0x100;
    private static final int CONFIG_BIT = 2;
    private static final long PATIENCE_MS = 2000;

    private final MmioTransport window;
    private final RawRam ram;
    private final AtomicInteger[] interrupts;

    /** @param queues of the device */
    public MmioLink(MmioTransport window, RawRam ram, int queues) {
        this.window = window;
        this.ram = ram;
        this.interrupts = new AtomicInteger[queues];
        for (int q = 0; q < queues; q++) {
            AtomicInteger count = new AtomicInteger();
            interrupts[q] = count;
            window.routeInterrupt(q, count::incrementAndGet);
        }
    }

    /** A 32-bit load. */
    public int load(int offset) {
        return (int) window.read(offset, 4);
    }

    /** A 32-bit store. */
    public void store(int offset, int value) {
        window.write(offset, 4, value);
    }

    /** A load of any width. */
    public long load(int offset, int widthBytes) {
        return window.read(offset, widthBytes);
    }

    /** A store of any width. */
    public void store(int offset, int widthBytes, long value) {
        window.write(offset, widthBytes, value);
    }

    @Override
    public TransportKind transport() {
        return TransportKind.MMIO;
    }

    @Override
    public RawRam ram() {
        return ram;
    }

    @Override
    public int offeredWord(int select) {
        store(DEVICE_FEATURES_SEL, select);
        return load(DEVICE_FEATURES);
    }

    @Override
    public long offered() {
        return Integer.toUnsignedLong(offeredWord(0)) | (long) offeredWord(1) << Integer.SIZE;
    }

    @Override
    public void acceptWord(int select, int word) {
        store(DRIVER_FEATURES_SEL, select);
        store(DRIVER_FEATURES, word);
    }

    @Override
    public boolean negotiate(long features) {
        reset();
        writeStatus(Status.ACKNOWLEDGE);
        writeStatus(Status.ACKNOWLEDGE | Status.DRIVER);
        acceptWord(0, (int) features);
        acceptWord(1, (int) (features >>> Integer.SIZE));
        writeStatus(Status.ACKNOWLEDGE | Status.DRIVER | Status.FEATURES_OK);
        return (status() & Status.FEATURES_OK) != 0;
    }

    @Override
    public void setUpQueue(int queue, QueueLayout layout) {
        program(queue, layout);
        store(QUEUE_READY, 1);
    }

    /** Writes size and addresses without making the queue ready. */
    public void program(int queue, QueueLayout layout) {
        store(QUEUE_SEL, queue);
        store(QUEUE_NUM, layout.size());
        address(QUEUE_DESC, layout.descGpa());
        address(QUEUE_DRIVER, layout.driverGpa());
        address(QUEUE_DEVICE, layout.deviceGpa());
    }

    private void address(int low, long gpa) {
        store(low, (int) gpa);
        store(low + 4, (int) (gpa >>> Integer.SIZE));
    }

    @Override
    public void driverOk() {
        writeStatus(status() | Status.DRIVER_OK);
    }

    @Override
    public void kick(int queue) {
        store(QUEUE_NOTIFY, queue);
    }

    @Override
    public int takeNotifications(int queue) {
        return interrupts[queue].getAndSet(0);
    }

    @Override
    public long config(int offset, int widthBytes) {
        return widthBytes == 8
                ? load(CONFIG + offset, 4) | load(CONFIG + offset + 4, 4) << Integer.SIZE
                : load(CONFIG + offset, widthBytes);
    }

    @Override
    public void putConfig(int offset, int widthBytes, long value) {
        store(CONFIG + offset, widthBytes, value);
    }

    @Override
    public int status() {
        return load(STATUS);
    }

    @Override
    public void writeStatus(int value) {
        store(STATUS, value);
    }

    @Override
    public boolean queueReady(int queue) {
        store(QUEUE_SEL, queue);
        return load(QUEUE_READY) == 1;
    }

    @Override
    public int queueMaxSize(int queue) {
        store(QUEUE_SEL, queue);
        return load(QUEUE_NUM_MAX);
    }

    @Override
    public void beginQueueReset(int queue) {
        store(QUEUE_SEL, queue);
        store(QUEUE_RESET, 1);
    }

    @Override
    public boolean queueResetPending(int queue) {
        store(QUEUE_SEL, queue);
        return load(QUEUE_RESET) == 1;
    }

    @Override
    public int configGeneration() {
        return load(CONFIG_GENERATION);
    }

    @Override
    public boolean takeConfigNotification() {
        boolean set = (load(INTERRUPT_STATUS) & CONFIG_BIT) != 0;
        if (set) {
            store(INTERRUPT_ACK, CONFIG_BIT);
        }
        return set;
    }

    @Override
    public boolean broken() {
        return (status() & Status.NEEDS_RESET) != 0;
    }

    @Override
    public void reset() {
        store(STATUS, 0);
        if (!Waiting.until(PATIENCE_MS, () -> status() == 0)) {
            throw new BenchException("status did not read 0 within 2 s after a reset");
        }
        for (AtomicInteger count : interrupts) {
            count.set(0);
        }
    }

    @Override
    public void close() {
        // The window is the machine's.
    }
}
