package ringside.emulator.device.blk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.device.DeviceStatus;
import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.eventloop.BigLock;
import ringside.emulator.eventloop.LoopContext;
import ringside.emulator.memory.GuestMemories;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.trace.TimelineTable;
import ringside.emulator.transport.KickPolicy;
import ringside.emulator.transport.MmioRegisters;
import ringside.emulator.transport.MmioTransport;
import ringside.emulator.virtqueue.RawSplitRing;

/**
 * A virtio-blk device behind its registers, with rings that the test writes by hand and a disk that records. Kicks are
 * trapped, so everything happens on the test's thread.
 */
public final class BlkFixture implements QueueContexts, AutoCloseable {
    public static final int RING_SIZE = 128;
    public static final long DISK_BYTES = 1L << 20;
    /** Where tests put headers, data and status. */
    public static final long SCRATCH = GuestMemories.BASE_GPA + 0x100000;

    public static final int ACK_AND_DRIVER = DeviceStatus.ACKNOWLEDGE | DeviceStatus.DRIVER;

    public final GuestMemory memory = GuestMemories.two();
    public final BigLock lock = new BigLock(false);
    public final RecordingNode node;
    public final VirtioBlk device;
    public final MmioTransport transport;
    public final List<RawSplitRing> rings = new ArrayList<>();
    /** Interrupts delivered so far. */
    public int interrupts;

    private final StepLoop loop = new StepLoop();
    private Runnable whileDraining = () -> {};

    public BlkFixture() {
        this(settings(1, true, true), new RecordingNode(DISK_BYTES, false, true));
    }

    public BlkFixture(BlkSettings settings, RecordingNode node) {
        this.node = node;
        this.device = new VirtioBlk(settings, node, memory, this, true);
        this.transport = new MmioTransport(device, memory, lock, KickPolicy.TRAPPED);
        for (int q = 0; q < settings.queues(); q++) {
            rings.add(new RawSplitRing(memory, RING_SIZE, GuestMemories.BASE_GPA + 0x10000L * q));
            transport.routeInterrupt(q, () -> interrupts++);
        }
    }

    public static BlkSettings settings(int queues, boolean configWce, boolean discard) {
        return new BlkSettings(
                "disk0", queues, RING_SIZE, RING_SIZE - 2, true, true, configWce, discard, "serial-0123");
    }

    public static BlkSettings settings(BlkOptions options) {
        return new BlkSettings("disk0", 1, RING_SIZE, RING_SIZE - 2, true, true, true, "serial-0123", options);
    }

    /** A field of the configuration space. */
    public long config(int offset, int widthBytes) {
        return transport.read(MmioRegisters.CONFIG + offset, widthBytes);
    }

    public long read(int register) {
        return transport.read(register, 4);
    }

    public void write(int register, long value) {
        transport.write(register, 4, value);
    }

    public long offered() {
        write(MmioRegisters.DEVICE_FEATURES_SEL, 0);
        long low = read(MmioRegisters.DEVICE_FEATURES);
        write(MmioRegisters.DEVICE_FEATURES_SEL, 1);
        return low | read(MmioRegisters.DEVICE_FEATURES) << 32;
    }

    /** Up to FEATURES_OK. Returns whether the device kept the bit. */
    public boolean negotiate(long features) {
        write(MmioRegisters.STATUS, ACK_AND_DRIVER);
        write(MmioRegisters.DRIVER_FEATURES_SEL, 0);
        write(MmioRegisters.DRIVER_FEATURES, features & 0xffff_ffffL);
        write(MmioRegisters.DRIVER_FEATURES_SEL, 1);
        write(MmioRegisters.DRIVER_FEATURES, features >>> 32);
        write(MmioRegisters.STATUS, ACK_AND_DRIVER | DeviceStatus.FEATURES_OK);
        return (read(MmioRegisters.STATUS) & DeviceStatus.FEATURES_OK) != 0;
    }

    public void program(int queue, long num, long descGpa, long availGpa, long usedGpa) {
        write(MmioRegisters.QUEUE_SEL, queue);
        write(MmioRegisters.QUEUE_NUM, num);
        write(MmioRegisters.QUEUE_DESC_LOW, descGpa & 0xffff_ffffL);
        write(MmioRegisters.QUEUE_DESC_HIGH, descGpa >>> 32);
        write(MmioRegisters.QUEUE_DRIVER_LOW, availGpa & 0xffff_ffffL);
        write(MmioRegisters.QUEUE_DRIVER_HIGH, availGpa >>> 32);
        write(MmioRegisters.QUEUE_DEVICE_LOW, usedGpa & 0xffff_ffffL);
        write(MmioRegisters.QUEUE_DEVICE_HIGH, usedGpa >>> 32);
        write(MmioRegisters.QUEUE_READY, 1);
    }

    public void enable(int queue) {
        RawSplitRing ring = rings.get(queue);
        program(queue, ring.size, ring.descGpa, ring.availGpa, ring.usedGpa);
    }

    public void driverOk() {
        write(MmioRegisters.STATUS, ACK_AND_DRIVER | DeviceStatus.FEATURES_OK | DeviceStatus.DRIVER_OK);
    }

    /** The whole initialisation with these features besides VERSION_1. */
    public BlkFixture start(long features) {
        if (!negotiate(features | VirtioFeatures.VIRTIO_F_VERSION_1)) {
            throw new IllegalStateException("the device refused the features");
        }
        for (int q = 0; q < rings.size(); q++) {
            enable(q);
        }
        driverOk();
        return this;
    }

    public BlkFixture startWithAll() {
        return start(offered() & ~VirtioFeatures.VIRTIO_F_EVENT_IDX);
    }

    public void kick(int queue) {
        write(MmioRegisters.QUEUE_NOTIFY, queue);
        loop.step();
    }

    /** Completes the oldest waiting request of the disk, and lets the loop publish it. */
    public void completeOne() {
        node.completeOne();
        loop.step();
    }

    /** What other vCPUs do while a reset waits for requests in flight. */
    public void whileDraining(Runnable action) {
        whileDraining = action;
    }

    public boolean broken() {
        return (read(MmioRegisters.STATUS) & DeviceStatus.DEVICE_NEEDS_RESET) != 0;
    }

    /** Writes a request header. */
    public void header(long gpa, int type, long sector) {
        rings.getFirst()
                .put(
                        gpa,
                        ByteBuffer.allocate(16)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putInt(type)
                                .putInt(0x0bad_0bad)
                                .putLong(sector)
                                .array());
    }

    @Override
    public LoopContext loop(int queue) {
        return loop;
    }

    @Override
    public BlockBackend backend(int queue) {
        return node;
    }

    @Override
    public TimelineTable timeline(int queue) {
        return null;
    }

    @Override
    public void run(int queue, Runnable command) {
        command.run();
    }

    @Override
    public void await(CountDownLatch latch) {
        lock.unlock();
        try {
            whileDraining.run();
            while (latch.getCount() > 0) {
                // Without a request left this throws: the device waits for something that will never come.
                node.completeOne();
            }
        } finally {
            lock.lock();
        }
    }

    @Override
    public void close() {
        write(MmioRegisters.STATUS, 0);
        device.close();
        node.close();
        lock.close();
        memory.close();
    }
}
