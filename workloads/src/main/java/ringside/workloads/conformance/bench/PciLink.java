package ringside.workloads.conformance.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ringside.emulator.pci.PciHostBridge;

/**
 * Registers of virtio-pci by their offsets (VIRTIO-1.2 §4.1.4), behind a function that is found and given addresses by hand.
 * MSI-X stays off: ISR status says what happened.
 */
public final class PciLink implements RegisterLink {
    private static final int VIRTIO_BLK = 0x1042_1af4;
    private static final int DEVICES = 32;
    private static final int DEVICE_SHIFT = 15;
    private static final int COMMAND = 0x04;
    private static final int MEMORY_AND_MASTER = 0x06;
    private static final int BAR_0 = 0x10;
    private static final int BARS = 6;
    private static final int CAPABILITIES = 0x34;
    private static final int CAP_VENDOR = 0x09;
    private static final int COMMON = 1;
    private static final int NOTIFY = 2;
    private static final int ISR = 3;
    private static final int DEVICE = 4;

    private static final int DEVICE_FEATURE_SELECT = 0x00;
    private static final int DEVICE_FEATURE = 0x04;
    private static final int DRIVER_FEATURE_SELECT = 0x08;
    private static final int DRIVER_FEATURE = 0x0c;
    private static final int DEVICE_STATUS = 0x14;
    private static final int CONFIG_GENERATION = 0x15;
    private static final int QUEUE_SELECT = 0x16;
    private static final int QUEUE_SIZE = 0x18;
    private static final int QUEUE_ENABLE = 0x1c;
    private static final int QUEUE_NOTIFY_OFF = 0x1e;
    private static final int QUEUE_DESC = 0x20;
    private static final int QUEUE_DRIVER = 0x28;
    private static final int QUEUE_DEVICE = 0x30;
    private static final int QUEUE_RESET = 0x3a;
    private static final int USED_BIT = 1;
    private static final int CONFIG_BIT = 2;
    private static final long PATIENCE_MS = 2000;

    private final PciHostBridge bridge;
    private final RawRam ram;
    private final long function;
    private final long[] bars = new long[BARS];
    /** Address of each structure by its type. */
    private final Map<Integer, Long> structures = new HashMap<>();

    private long deviceBytes;
    private long notifyMultiplier;
    private int pending;

    /** Finds the first virtio-blk function of a segment, and maps it. */
    public PciLink(PciHostBridge bridge, RawRam ram) {
        this.bridge = bridge;
        this.ram = ram;
        this.function = findFunction();
        mapBars();
        bridge.write(function + COMMAND, 2, MEMORY_AND_MASTER);
        findStructures();
    }

    private long findFunction() {
        for (int device = 0; device < DEVICES; device++) {
            long at = PciHostBridge.ECAM_BASE_GPA + ((long) device << DEVICE_SHIFT);
            if ((int) bridge.read(at, 4) == VIRTIO_BLK) {
                return at;
            }
        }
        throw new BenchException("there is no function 1af4:1042 on bus 0");
    }

    private void mapBars() {
        long next32 = PciHostBridge.MMIO_32_GPA;
        long next64 = PciHostBridge.MMIO_64_GPA;
        for (int i = 0; i < BARS; i++) {
            long at = function + BAR_0 + 4L * i;
            bridge.write(at, 4, 0xffff_ffffL);
            int low = (int) bridge.read(at, 4);
            if (low == 0) {
                continue;
            }
            boolean wide = (low & 6) == 4;
            long size = sizeOf(at, low, wide);
            long base = (wide ? next64 : next32) + size - 1 & -size;
            bridge.write(at, 4, base & 0xffff_ffffL);
            bars[i] = base;
            if (wide) {
                bridge.write(at + 4, 4, base >>> Integer.SIZE);
                next64 = base + size;
                i++;
            } else {
                next32 = base + size;
            }
        }
    }

    private long sizeOf(long at, int low, boolean wide) {
        if (!wide) {
            return Integer.toUnsignedLong(-(low & ~0xf));
        }
        bridge.write(at + 4, 4, 0xffff_ffffL);
        return -(bridge.read(at + 4, 4) << Integer.SIZE | Integer.toUnsignedLong(low & ~0xf));
    }

    private void findStructures() {
        int at = (int) bridge.read(function + CAPABILITIES, 1);
        for (int i = 0; at != 0 && i < 48; i++) {
            if (bridge.read(function + at, 1) == CAP_VENDOR) {
                int type = (int) bridge.read(function + at + 3, 1);
                int bar = (int) bridge.read(function + at + 4, 1);
                if (bar < BARS && bars[bar] != 0) {
                    structures.putIfAbsent(type, bars[bar] + bridge.read(function + at + 8, 4));
                    deviceBytes = type == DEVICE ? bridge.read(function + at + 12, 4) : deviceBytes;
                    notifyMultiplier = type == NOTIFY ? bridge.read(function + at + 16, 4) : notifyMultiplier;
                }
            }
            at = (int) bridge.read(function + at + 1, 1);
        }
        if (!structures.keySet().containsAll(List.of(COMMON, NOTIFY, ISR, DEVICE))) {
            throw new BenchException("the function has only the structures of types " + structures.keySet());
        }
    }

    private long load(int offset, int widthBytes) {
        return bridge.read(structures.get(COMMON) + offset, widthBytes);
    }

    private void store(int offset, int widthBytes, long value) {
        bridge.write(structures.get(COMMON) + offset, widthBytes, value);
    }

    @Override
    public TransportKind transport() {
        return TransportKind.PCI;
    }

    @Override
    public RawRam ram() {
        return ram;
    }

    @Override
    public int offeredWord(int select) {
        store(DEVICE_FEATURE_SELECT, 4, Integer.toUnsignedLong(select));
        return (int) load(DEVICE_FEATURE, 4);
    }

    @Override
    public long offered() {
        return Integer.toUnsignedLong(offeredWord(0)) | (long) offeredWord(1) << Integer.SIZE;
    }

    @Override
    public void acceptWord(int select, int word) {
        store(DRIVER_FEATURE_SELECT, 4, Integer.toUnsignedLong(select));
        store(DRIVER_FEATURE, 4, Integer.toUnsignedLong(word));
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
        store(QUEUE_SELECT, 2, queue);
        store(QUEUE_SIZE, 2, layout.size());
        address(QUEUE_DESC, layout.descGpa());
        address(QUEUE_DRIVER, layout.driverGpa());
        address(QUEUE_DEVICE, layout.deviceGpa());
        store(QUEUE_ENABLE, 2, 1);
    }

    private void address(int field, long gpa) {
        store(field, 4, gpa & 0xffff_ffffL);
        store(field + 4, 4, gpa >>> Integer.SIZE);
    }

    @Override
    public void driverOk() {
        writeStatus(status() | Status.DRIVER_OK);
    }

    @Override
    public void kick(int queue) {
        store(QUEUE_SELECT, 2, queue);
        long offset = load(QUEUE_NOTIFY_OFF, 2) * notifyMultiplier;
        bridge.write(structures.get(NOTIFY) + offset, 2, queue);
    }

    /** Reading ISR status clears it, so what is not asked for now is kept. */
    private boolean take(int bit) {
        pending |= (int) bridge.read(structures.get(ISR), 1);
        boolean set = (pending & bit) != 0;
        pending &= ~bit;
        return set;
    }

    @Override
    public int takeNotifications(int queue) {
        return take(USED_BIT) ? 1 : 0;
    }

    @Override
    public boolean takeConfigNotification() {
        return take(CONFIG_BIT);
    }

    @Override
    public long config(int offset, int widthBytes) {
        long at = structures.get(DEVICE) + offset;
        return widthBytes == 8
                ? bridge.read(at, 4) | bridge.read(at + 4, 4) << Integer.SIZE
                : bridge.read(at, widthBytes);
    }

    /** Not behind the structure, where another one may lie. */
    @Override
    public void putConfig(int offset, int widthBytes, long value) {
        if (offset + widthBytes <= deviceBytes) {
            bridge.write(structures.get(DEVICE) + offset, widthBytes, value);
        }
    }

    @Override
    public int status() {
        return (int) load(DEVICE_STATUS, 1);
    }

    @Override
    public void writeStatus(int value) {
        store(DEVICE_STATUS, 1, value);
    }

    @Override
    public boolean queueReady(int queue) {
        store(QUEUE_SELECT, 2, queue);
        return load(QUEUE_ENABLE, 2) == 1;
    }

    @Override
    public int queueMaxSize(int queue) {
        store(QUEUE_SELECT, 2, queue);
        return (int) load(QUEUE_SIZE, 2);
    }

    @Override
    public void beginQueueReset(int queue) {
        store(QUEUE_SELECT, 2, queue);
        store(QUEUE_RESET, 2, 1);
    }

    @Override
    public boolean queueResetPending(int queue) {
        store(QUEUE_SELECT, 2, queue);
        return load(QUEUE_RESET, 2) == 1;
    }

    @Override
    public int configGeneration() {
        return (int) load(CONFIG_GENERATION, 1);
    }

    @Override
    public boolean broken() {
        return (status() & Status.NEEDS_RESET) != 0;
    }

    @Override
    public void reset() {
        writeStatus(0);
        if (!Waiting.until(PATIENCE_MS, () -> status() == 0)) {
            throw new BenchException("device_status did not read 0 within 2 s after a reset");
        }
        take(USED_BIT | CONFIG_BIT);
        pending = 0;
    }

    @Override
    public void close() {
        // The function is the machine's.
    }
}
