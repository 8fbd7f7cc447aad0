package ringside.emulator.transport;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ringside.emulator.device.DeviceStatus;
import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.device.blk.BlkFixture;
import ringside.emulator.device.blk.BlkSettings;
import ringside.emulator.device.blk.RecordingNode;
import ringside.emulator.pci.InterruptSink;
import ringside.emulator.virtqueue.RawSplitRing;

/**
 * A virtio-blk device as a PCI function, driven by hand. Offsets are written out as in the specification, so that a wrong
 * constant in production code cannot hide here. Kicks are trapped: everything happens on the test's thread.
 */
final class PciFixture implements InterruptSink, AutoCloseable {
    static final int VECTORS = 4;
    static final int VIRTIO_BAR = 4;
    static final int MSIX_BAR = 1;
    static final int NO_VECTOR = 0xffff;
    static final int COMMAND = 0x04;
    static final int MEMORY = 2;
    static final int MASTER = 4;
    static final int INTX_DISABLE = 0x400;

    final BlkFixture blk;
    final PciTransport function;
    /** Vectors of the messages that came, in order. */
    final List<Integer> messages = new ArrayList<>();

    long lastAddress;
    int lastData;
    /** Level of INT#x. */
    boolean line;

    /** What a test wants to look at in the moment of an interrupt. */
    Runnable onInterrupt = () -> {};

    private final Map<Integer, Integer> structures = new HashMap<>();

    PciFixture() {
        this(2, VECTORS);
    }

    PciFixture(int queues, int vectors) {
        this(BlkFixture.settings(queues, true, true), vectors);
    }

    PciFixture(BlkSettings settings, int vectors) {
        blk = new BlkFixture(settings, new RecordingNode(BlkFixture.DISK_BYTES, false, true));
        function = new PciTransport(new TransportParts(blk.device, blk.memory, blk.lock, KickPolicy.TRAPPED), vectors);
        function.connect(this);
        for (int at : capabilities(0x09)) {
            structures.putIfAbsent(config(at + 3, 1), config(at + 8, 4));
        }
        putConfig(COMMAND, 2, MEMORY | MASTER);
    }

    @Override
    public void message(int vector, long address, int data) {
        messages.add(vector);
        lastAddress = address;
        lastData = data;
        onInterrupt.run();
    }

    @Override
    public void intx(boolean asserted) {
        line = asserted;
        if (asserted) {
            onInterrupt.run();
        }
    }

    int config(int offset, int width) {
        return function.configRead(offset, width);
    }

    void putConfig(int offset, int width, int value) {
        function.configWrite(offset, width, value);
    }

    /** Offsets of the capabilities of a kind. */
    List<Integer> capabilities(int id) {
        List<Integer> found = new ArrayList<>();
        for (int at = config(0x34, 1); at != 0; at = config(at + 1, 1)) {
            if (config(at, 1) == id) {
                found.add(at);
            }
        }
        return found;
    }

    /** The capability of a structure type. */
    int capability(int type) {
        return capabilities(0x09).stream()
                .filter(at -> config(at + 3, 1) == type)
                .findFirst()
                .orElseThrow();
    }

    long common(int offset, int width) {
        return function.barRead(VIRTIO_BAR, structures.get(1) + offset, width);
    }

    void common(int offset, int width, long value) {
        function.barWrite(VIRTIO_BAR, structures.get(1) + offset, width, value);
    }

    int isr() {
        return (int) function.barRead(VIRTIO_BAR, structures.get(3), 1);
    }

    long device(int offset, int width) {
        return function.barRead(VIRTIO_BAR, structures.get(4) + offset, width);
    }

    long table(int offset, int width) {
        return function.barRead(MSIX_BAR, offset, width);
    }

    void table(int offset, int width, long value) {
        function.barWrite(MSIX_BAR, offset, width, value);
    }

    int msixControl() {
        return capabilities(0x11).getFirst() + 2;
    }

    /** Programs and unmasks every entry, and enables MSI-X. */
    PciFixture enableMsix() {
        for (int v = 0; v < function.vectors(); v++) {
            table(16 * v, 4, 0xfee0_0000L + 0x1000L * v);
            table(16 * v + 4, 4, 0);
            table(16 * v + 8, 4, 0x40 + v);
            table(16 * v + 12, 4, 0);
        }
        putConfig(msixControl(), 2, 0x8000);
        return this;
    }

    int status() {
        return (int) common(0x14, 1);
    }

    void status(int value) {
        common(0x14, 1, value);
    }

    long offered() {
        common(0, 4, 0);
        long low = common(4, 4);
        common(0, 4, 1);
        return low | common(4, 4) << 32;
    }

    boolean negotiate(long features) {
        status(3);
        common(8, 4, 0);
        common(12, 4, features & 0xffff_ffffL);
        common(8, 4, 1);
        common(12, 4, features >>> 32);
        status(3 | 8);
        return (status() & 8) != 0;
    }

    void select(int queue) {
        common(0x16, 2, queue);
    }

    void program(int queue, int size, long desc, long avail, long used) {
        select(queue);
        common(0x18, 2, size);
        common(0x20, 4, desc & 0xffff_ffffL);
        common(0x24, 4, desc >>> 32);
        common(0x28, 4, avail & 0xffff_ffffL);
        common(0x2c, 4, avail >>> 32);
        common(0x30, 4, used & 0xffff_ffffL);
        common(0x34, 4, used >>> 32);
        common(0x1c, 2, 1);
    }

    void enable(int queue) {
        RawSplitRing ring = blk.rings.get(queue);
        program(queue, ring.size, ring.descGpa, ring.availGpa, ring.usedGpa);
    }

    /** The whole initialisation, with vector q + 1 for queue q and 0 for the configuration where MSI-X is on. */
    PciFixture start(long features) {
        if (!negotiate(features | VirtioFeatures.VIRTIO_F_VERSION_1)) {
            throw new IllegalStateException("the device refused the features");
        }
        boolean msix = function.vectors() > 0 && (config(msixControl(), 2) & 0x8000) != 0;
        if (msix) {
            common(0x10, 2, 0);
        }
        for (int q = 0; q < blk.rings.size(); q++) {
            select(q);
            if (msix) {
                common(0x1a, 2, q + 1);
            }
            enable(q);
        }
        status(3 | 8 | DeviceStatus.DRIVER_OK);
        return this;
    }

    void kick(int queue) {
        select(queue);
        long at = structures.get(2) + common(0x1e, 2) * config(capability(2) + 16, 4);
        function.barWrite(VIRTIO_BAR, at, 2, queue);
    }

    RawSplitRing ring(int queue) {
        return blk.rings.get(queue);
    }

    /** Offers a flush, the shortest request there is, with descriptors from an even index on. */
    void offerFlush(int queue, int first) {
        long gpa = BlkFixture.SCRATCH + 0x1000L * queue + 0x80L * first;
        blk.header(gpa, BlkConstants.VIRTIO_BLK_T_FLUSH, 0);
        ring(queue)
                .desc(first, gpa, 16, RawSplitRing.NEXT, first + 1)
                .desc(first + 1, gpa + 64, 1, RawSplitRing.WRITE, 0)
                .offer(first);
    }

    void flush(int queue) {
        offerFlush(queue, 0);
        kick(queue);
    }

    boolean broken() {
        return (status() & DeviceStatus.DEVICE_NEEDS_RESET) != 0;
    }

    @Override
    public void close() {
        function.reset();
        blk.close();
    }
}
