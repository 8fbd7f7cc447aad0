package ringside.emulator.guest;

import java.util.ArrayList;
import java.util.List;
import ringside.emulator.device.DeviceStatus;
import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.memory.GuestAllocator;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.trace.TimelineTable;

/**
 * The guest's virtio-blk driver: the eight steps of initialisation (VIRTIO-1.2 §3.1.1), then one
 * {@link BlkDriverQueue} per request queue, each for one vCPU thread.
 */
public final class VirtioBlkDriver {
    private static final long WANTED = VirtioFeatures.VIRTIO_F_VERSION_1
            | VirtioFeatures.VIRTIO_F_INDIRECT_DESC
            | VirtioFeatures.VIRTIO_F_EVENT_IDX
            | VirtioFeatures.VIRTIO_F_NOTIFICATION_DATA
            | VirtioFeatures.VIRTIO_F_RING_RESET
            | VirtioFeatures.VIRTIO_F_RING_PACKED
            | VirtioFeatures.VIRTIO_F_IN_ORDER
            | BlkConstants.VIRTIO_BLK_F_SIZE_MAX
            | BlkConstants.VIRTIO_BLK_F_SEG_MAX
            | BlkConstants.VIRTIO_BLK_F_RO
            | BlkConstants.VIRTIO_BLK_F_BLK_SIZE
            | BlkConstants.VIRTIO_BLK_F_FLUSH
            | BlkConstants.VIRTIO_BLK_F_TOPOLOGY
            | BlkConstants.VIRTIO_BLK_F_CONFIG_WCE
            | BlkConstants.VIRTIO_BLK_F_MQ
            | BlkConstants.VIRTIO_BLK_F_DISCARD
            | BlkConstants.VIRTIO_BLK_F_WRITE_ZEROES
            | BlkConstants.VIRTIO_BLK_F_LIFETIME
            | BlkConstants.VIRTIO_BLK_F_SECURE_ERASE
            | BlkConstants.VIRTIO_BLK_F_ZONED;

    private final DriverTransport transport;
    private final GuestMemory memory;
    private final GuestAllocator allocator;
    private final List<BlkDriverQueue> queues = new ArrayList<>();
    private long features;

    public VirtioBlkDriver(DriverTransport transport, GuestMemory memory, GuestAllocator allocator) {
        this.transport = transport;
        this.memory = memory;
        this.allocator = allocator;
    }

    /**
     * Initialises the device and makes all its queues.
     *
     * @param timelines one table per queue, or an empty list when timelines are off
     * @throws IllegalStateException when there is no such device or it refuses the features
     */
    public void initialise(List<TimelineTable> timelines) {
        if (transport.deviceType() != BlkConstants.VIRTIO_ID_BLOCK) {
            throw new IllegalStateException("no virtio-blk device behind this transport");
        }
        transport.reset();
        transport.addStatus(DeviceStatus.ACKNOWLEDGE);
        transport.addStatus(DeviceStatus.DRIVER);
        features = transport.deviceFeatures() & WANTED;
        transport.driverFeatures(features);
        transport.addStatus(DeviceStatus.FEATURES_OK);
        if ((transport.status() & DeviceStatus.FEATURES_OK) == 0) {
            transport.addStatus(DeviceStatus.FAILED);
            throw new IllegalStateException("the device refused the features 0x" + Long.toHexString(features));
        }
        makeQueues(timelines);
        transport.addStatus(DeviceStatus.DRIVER_OK);
    }

    private void makeQueues(List<TimelineTable> timelines) {
        queues.clear();
        int count = has(BlkConstants.VIRTIO_BLK_F_MQ) ? (int) transport.config(BlkConstants.CONFIG_NUM_QUEUES, 2) : 1;
        for (int q = 0; q < count; q++) {
            int size = transport.queueMaxSize(q);
            TimelineTable timeline = timelines.isEmpty() ? null : timelines.get(q);
            BlkDriverQueue queue = new BlkDriverQueue(transport, q, memory, allocator, layout(size), timeline);
            transport.enableQueue(q, size, queue.addresses());
            queues.add(queue);
        }
    }

    private BlkDriverQueue.Layout layout(int size) {
        return new BlkDriverQueue.Layout(
                size,
                VirtioFeatures.ring(features),
                limit(BlkConstants.VIRTIO_BLK_F_SIZE_MAX, BlkConstants.CONFIG_SIZE_MAX),
                limit(BlkConstants.VIRTIO_BLK_F_SEG_MAX, BlkConstants.CONFIG_SEG_MAX),
                has(BlkConstants.VIRTIO_BLK_F_ZONED));
    }

    /** A limit of the device, or none where it sets none. */
    private int limit(long feature, int field) {
        long value = has(feature) ? transport.config(field, 4) : 0;
        return value == 0 ? Integer.MAX_VALUE : (int) Math.min(value, Integer.MAX_VALUE);
    }

    /** Whether a feature was negotiated. */
    public boolean has(long feature) {
        return (features & feature) != 0;
    }

    /** Size of the disk in bytes. */
    public long capacityBytes() {
        return transport.config(BlkConstants.CONFIG_CAPACITY, 8) << BlkConstants.SECTOR_SHIFT;
    }

    /** Size of a zone in bytes; 0 when the disk is not zoned. */
    public long zoneBytes() {
        return has(BlkConstants.VIRTIO_BLK_F_ZONED)
                ? transport.config(BlkConstants.CONFIG_ZONE_SECTORS, 4) << BlkConstants.SECTOR_SHIFT
                : 0;
    }

    /** Longest data of one zone append in bytes; 0 when there are no appends. */
    public long maxAppendBytes() {
        return has(BlkConstants.VIRTIO_BLK_F_ZONED)
                ? transport.config(BlkConstants.CONFIG_MAX_APPEND_SECTORS, 4) << BlkConstants.SECTOR_SHIFT
                : 0;
    }

    /** The queues, by number. */
    public List<BlkDriverQueue> queues() {
        return List.copyOf(queues);
    }

    /** Switches the write cache; only with VIRTIO_BLK_F_CONFIG_WCE. */
    public void writeback(boolean on) {
        transport.putConfig(BlkConstants.CONFIG_WRITEBACK, 1, on ? 1 : 0);
    }

    /** Resets the device: afterwards it touches no memory. The queues are gone. */
    public void shutdown() {
        transport.reset();
        queues.clear();
    }
}
