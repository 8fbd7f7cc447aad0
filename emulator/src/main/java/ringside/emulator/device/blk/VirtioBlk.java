package ringside.emulator.device.blk;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.ZoneModel;
import ringside.emulator.device.InterruptLine;
import ringside.emulator.device.VirtioDevice;
import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.eventloop.EventNotifier;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.trace.CounterBlock;
import ringside.emulator.virtqueue.Virtqueue;

/**
 * The virtio-blk device (VIRTIO-1.2 §5.2): control side. Requests are the business of its queues.
 *
 * <p>Control methods are called under the big lock; the machine lends it a {@link QueueContexts} that runs commands in
 * the context of the loop which owns a queue.
 */
public final class VirtioBlk implements VirtioDevice, AutoCloseable {
    /** Header and status. */
    private static final int FRAME_DESCRIPTORS = 2;

    private final BlkSettings settings;
    private final BlkConfigSpace config;
    private final BlkDiskState disk;
    private final BlockNode node;
    private final QueueContexts contexts;
    private final List<BlkQueue> queues;

    /** The interrupts of the driver that is being served. */
    private InterruptLine line = InterruptLine.NONE;

    /**
     * @param node storage, owned by the caller
     * @param contexts loops, back ends and timelines per queue
     * @param counting whether queues count
     */
    public VirtioBlk(
            BlkSettings settings, BlockNode node, GuestMemory memory, QueueContexts contexts, boolean counting) {
        requireWholeBlocks(settings, node.lengthBytes());
        requireAppendsFit(settings, node);
        this.settings = settings;
        this.node = node;
        this.contexts = contexts;
        this.config = new BlkConfigSpace(node, settings);
        this.disk = new BlkDiskState(node, settings);
        BlkRequestParser parser = new BlkRequestParser(memory);
        this.queues = IntStream.range(0, settings.queues())
                .mapToObj(q -> new BlkQueue(
                        new BlkQueueParts(settings, disk, contexts.loop(q), contexts.backend(q), parser, counting),
                        q,
                        contexts.timeline(q)))
                .toList();
    }

    private static void requireWholeBlocks(BlkSettings settings, long lengthBytes) {
        int blockBytes = settings.options().logicalBlockBytes();
        if (lengthBytes % blockBytes != 0) {
            throw new IllegalArgumentException(settings.id() + ": a size of " + lengthBytes
                    + " bytes is no multiple of logical-block-size=" + blockBytes + "; use a smaller one");
        }
    }

    /** VIRTIO-1.4 §5.2.5.2: an append must fit into the segments that the driver may use. */
    private static void requireAppendsFit(BlkSettings settings, BlockNode node) {
        long largest = (long) settings.segMax() * settings.options().sizeMaxBytes();
        int appendBytes =
                node.zones().map(zones -> zones.spec().maxAppendBytes()).orElse(0);
        if (largest > 0 && appendBytes > largest) {
            throw new IllegalArgumentException(settings.id() + ": max-append-bytes=" + appendBytes
                    + " exceeds seg-max times size-max, which is " + largest + "; use a smaller one");
        }
    }

    /** Attaches the queues to their loops as tasks, for kicks by eventfd. Before the loops start. */
    public void attachToLoops() {
        queues.forEach(queue -> queue.loop().attach(queue));
    }

    /**
     * Lets the queues be tasks of their loops, for kicks by eventfd, only while they serve rings, which are in memory that
     * another process shares and can take away at any time. Before the loops start, instead of {@link #attachToLoops()}.
     */
    public void attachWithRings() {
        queues.forEach(BlkQueue::attachWithRing);
    }

    /** The counters of the queues. */
    public Stream<CounterBlock> counters() {
        return queues.stream().flatMap(BlkQueue::counters);
    }

    @Override
    public int deviceType() {
        return BlkConstants.VIRTIO_ID_BLOCK;
    }

    @Override
    public long offeredFeatures() {
        long features = VirtioFeatures.VIRTIO_F_VERSION_1
                | BlkConstants.VIRTIO_BLK_F_SEG_MAX
                | BlkConstants.VIRTIO_BLK_F_BLK_SIZE
                | BlkConstants.VIRTIO_BLK_F_FLUSH
                | BlkConstants.VIRTIO_BLK_F_TOPOLOGY;
        features |= VirtioFeatures.of(settings.rings());
        features |= settings.configWce() ? BlkConstants.VIRTIO_BLK_F_CONFIG_WCE : 0;
        features |= settings.queues() > 1 ? BlkConstants.VIRTIO_BLK_F_MQ : 0;
        return features | offeredByOptions();
    }

    private long offeredByOptions() {
        BlkOptions options = settings.options();
        long features = options.sizeMaxBytes() > 0 ? BlkConstants.VIRTIO_BLK_F_SIZE_MAX : 0;
        features |= BlkConfigSpace.discards(node, options) ? BlkConstants.VIRTIO_BLK_F_DISCARD : 0;
        features |= options.writeZeroes() ? BlkConstants.VIRTIO_BLK_F_WRITE_ZEROES : 0;
        features |= options.secureErase() && node.erases() ? BlkConstants.VIRTIO_BLK_F_SECURE_ERASE : 0;
        features |= disk.zones.isPresent() ? BlkConstants.VIRTIO_BLK_F_ZONED : 0;
        features |= disk.lifetime.length > 0 ? BlkConstants.VIRTIO_BLK_F_LIFETIME : 0;
        return features | (node.readOnly() ? BlkConstants.VIRTIO_BLK_F_RO : 0);
    }

    /** A host-managed disk is of no use to a driver that does not know zones (VIRTIO-1.4 §5.2.5.2). */
    @Override
    public boolean accepts(long features) {
        boolean managed = disk.zones
                .filter(zones -> zones.spec().model() == ZoneModel.HOST_MANAGED)
                .isPresent();
        return !managed || (features & BlkConstants.VIRTIO_BLK_F_ZONED) != 0;
    }

    @Override
    public int queueCount() {
        return settings.queues();
    }

    @Override
    public int queueMaxSize() {
        return settings.queueSize();
    }

    @Override
    public int readConfig(int offset) {
        return config.read(offset);
    }

    @Override
    public void writeConfig(int offset, int widthBytes, long value) {
        if (disk.has(BlkConstants.VIRTIO_BLK_F_CONFIG_WCE) && config.write(offset, widthBytes, value)) {
            disk.writeback = config.writeback();
        }
    }

    @Override
    public int configGeneration() {
        return config.generation();
    }

    /** Decides the write cache (VIRTIO-1.2 §5.2.5.2 and §5.2.6.2): without FLUSH a driver cannot make writes stable. */
    @Override
    public void negotiated(long features) {
        disk.negotiated = features;
        config.showZones((features & BlkConstants.VIRTIO_BLK_F_ZONED) != 0);
        boolean flush = (features & BlkConstants.VIRTIO_BLK_F_FLUSH) != 0;
        config.writeback(flush && node.writeback());
        disk.writeback = config.writeback();
    }

    /**
     * Changes the size of the disk and of its storage while it is used (QEMU: block_resize), and tells the driver. Takes
     * no request meanwhile; those that then lie beyond the end get IOERR. Under the big lock.
     *
     * @param lengthBytes new size, a positive multiple of the logical block
     * @throws IllegalArgumentException when the storage cannot have this size: one line with the remedy
     */
    public void resize(long lengthBytes) {
        requireWholeBlocks(settings, lengthBytes);
        List<Integer> all = allQueues();
        drain(all);
        try {
            node.resize(lengthBytes);
            config.capacitySectors(lengthBytes >> BlkConstants.SECTOR_SHIFT);
            disk.capacitySectors = lengthBytes >> BlkConstants.SECTOR_SHIFT;
        } finally {
            all.forEach(q -> contexts.run(q, queues.get(q)::goOn));
        }
        line.configChanged();
    }

    private List<Integer> allQueues() {
        return IntStream.range(0, queues.size()).boxed().toList();
    }

    @Override
    public void activate(Virtqueue[] rings, InterruptLine interrupts) {
        line = interrupts;
        for (int q = 0; q < rings.length; q++) {
            Virtqueue ring = rings[q];
            if (ring != null) {
                // seg_max promises as much, whatever size the driver gave the queue.
                ring.acceptTables(Math.max(ring.size(), settings.segMax() + FRAME_DESCRIPTORS));
                BlkQueue queue = queues.get(q);
                contexts.run(q, () -> queue.activate(ring, interrupts));
                queue.loop().wake();
            }
        }
    }

    @Override
    public void startQueue(int q, Virtqueue ring, InterruptLine interrupts, EventNotifier kick) {
        line = interrupts;
        BlkQueue queue = queues.get(q);
        contexts.run(q, () -> queue.activate(ring, interrupts, kick));
        queue.loop().wake();
    }

    @Override
    public void stopQueue(int q) {
        stop(List.of(q));
        if (queues.stream().noneMatch(BlkQueue::active)) {
            disk.broken = false; // whoever starts a queue now starts all of them anew
        }
    }

    @Override
    public void inContext(int queue, Runnable command) {
        contexts.run(queue, command);
    }

    private void stop(List<Integer> which) {
        drain(which);
        which.forEach(q -> contexts.run(q, queues.get(q)::deactivate));
    }

    /** All first stop taking requests; then each waits for its own. */
    private void drain(List<Integer> which) {
        List<CountDownLatch> drained = new ArrayList<>();
        for (int q : which) {
            contexts.run(q, () -> drained.add(queues.get(q).stop()));
        }
        drained.forEach(contexts::await);
    }

    @Override
    public void signalKick(int queue) {
        queues.get(queue).signalKick();
    }

    @Override
    public void kick(int queue) {
        queues.get(queue).handleTrappedKick();
    }

    @Override
    public void reset() {
        stop(allQueues());
        disk.negotiated = 0;
        config.showZones(true);
        disk.broken = false;
        config.writeback(node.writeback());
        disk.writeback = config.writeback();
    }

    /** Frees the queues' kicks; after {@link #reset()} and after the loops ended. */
    @Override
    public void close() {
        queues.forEach(BlkQueue::close);
    }
}
