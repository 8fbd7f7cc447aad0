package ringside.emulator.guest;

import java.lang.foreign.MemorySegment;
import ringside.emulator.device.DeviceStatus;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.memory.GuestAllocator;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.memory.Le;
import ringside.emulator.trace.TimelineTable;
import ringside.emulator.trace.TracePoint;
import ringside.emulator.virtqueue.DriverRingAddresses;
import ringside.emulator.virtqueue.DriverVirtqueue;
import ringside.emulator.virtqueue.RingFeatures;

/**
 * One request queue of the guest's virtio-blk driver: header and status per head, submit, publish, kick, reap. One
 * thread. Does not allocate after construction.
 */
public final class BlkDriverQueue {
    /** No completion, or no room. */
    public static final int NONE = DriverVirtqueue.NONE;

    private static final int MAX_INDIRECT = 8;

    /** Most data segments of one request, where the device allows as many and the queue has room. */
    public static final int MAX_DATA_SEGMENTS = MAX_INDIRECT - 2;

    /** With appends, each head's answer has 16 bytes: append_sector, then the status. */
    private static final int ZONED_STATUS_SHIFT = 4;

    /**
     * Shape of a queue, as negotiated.
     *
     * @param segmentBytes longest data segment, the device's size_max
     * @param segments most data segments of a request, the device's seg_max
     * @param zoned there may be zone appends, whose answer lies in front of the status
     */
    record Layout(int size, RingFeatures features, int segmentBytes, int segments, boolean zoned) {}

    private final DriverTransport transport;
    private final int index;
    private final MemorySegment ram;
    private final DriverVirtqueue ring;
    private final TimelineTable timeline;
    private final long headersGpa;
    private final long headers;
    private final long statusesGpa;
    private final long statuses;
    private final int statusShift;
    private final int maxDepth;
    private final int segmentBytes;
    private final int maxDataSegments;
    private final long[] gpa = new long[MAX_INDIRECT];
    private final int[] bytes = new int[MAX_INDIRECT];
    private final int[] sampledUnpublished;
    private int sampledCount;

    BlkDriverQueue(
            DriverTransport transport,
            int index,
            GuestMemory memory,
            GuestAllocator allocator,
            Layout layout,
            TimelineTable timeline) {
        this.transport = transport;
        this.index = index;
        this.ram = memory.ram();
        this.timeline = timeline;
        int size = layout.size();
        boolean indirect = layout.features().indirect();
        this.ring = DriverVirtqueue.create(memory, allocator, size, layout.features(), indirect ? MAX_INDIRECT : 0);
        this.segmentBytes = layout.segmentBytes();
        this.maxDataSegments =
                Math.max(1, Math.min(layout.segments(), (indirect ? MAX_INDIRECT : Math.min(size, MAX_INDIRECT)) - 2));
        this.maxDepth = indirect ? size : size / 3;
        long headerBytes = (long) BlkConstants.HEADER_BYTES * size;
        this.headersGpa = allocator.allocate(headerBytes, 128);
        this.headers = memory.translate(headersGpa, headerBytes);
        this.statusShift = layout.zoned() ? ZONED_STATUS_SHIFT : 0;
        long answersGpa = allocator.allocate((long) size << statusShift, 128);
        int before = layout.zoned() ? BlkConstants.APPEND_SECTOR_BYTES : 0;
        this.statusesGpa = answersGpa + before;
        this.statuses = memory.translate(answersGpa, (long) size << statusShift) + before;
        this.sampledUnpublished = new int[size];
    }

    DriverRingAddresses addresses() {
        return ring.addresses();
    }

    /** Number of this queue. */
    public int index() {
        return index;
    }

    /** Requests with one data buffer that fit at once: the queue size, or a third of it without indirect chains. */
    public int maxDepth() {
        return maxDepth;
    }

    /** A bound for heads: they are below it. */
    public int heads() {
        return ring.size();
    }

    /** The head that the next {@link #submit} will use, or {@link #NONE} when the queue is full. */
    public int nextHead() {
        return ring.nextHead();
    }

    /**
     * Queues a request with one data buffer; the device sees it after {@link #publish()}.
     *
     * @param type VIRTIO_BLK_T_IN, _OUT, _FLUSH, _GET_ID, _GET_LIFETIME, _DISCARD, _WRITE_ZEROES, _SECURE_ERASE,
     *     _ZONE_REPORT, _ZONE_OPEN, _ZONE_CLOSE, _ZONE_FINISH, _ZONE_RESET or _ZONE_RESET_ALL
     * @param sector first sector of 512 bytes
     * @param dataGpa buffer; for DISCARD, WRITE_ZEROES and SECURE_ERASE the ranges of 16 bytes each
     * @param dataBytes length of the buffer, 0 where there is none, at most {@link #maxDataBytes()}
     * @return the head, or {@link #NONE} when the queue is full
     */
    public int submit(int type, long sector, long dataGpa, int dataBytes) {
        return submit(type, sector, dataGpa, dataBytes, 1);
    }

    /**
     * Queues a zone append; the disk must be zoned.
     *
     * @param zoneSector first sector of the zone
     * @return the head, or {@link #NONE} when the queue is full
     */
    public int submitAppend(long zoneSector, long dataGpa, int dataBytes) {
        return submit(
                BlkConstants.VIRTIO_BLK_T_ZONE_APPEND,
                zoneSector,
                dataGpa,
                dataBytes,
                BlkConstants.APPEND_SECTOR_BYTES + 1);
    }

    private int submit(int type, long sector, long dataGpa, int dataBytes, int answerBytes) {
        int head = ring.nextHead();
        if (head == NONE) {
            return NONE;
        }
        if (timeline != null && timeline.begin(head)) {
            timeline.stamp(head, TracePoint.DRIVER_SUBMIT);
        }
        int segments = 0;
        gpa[segments] = headersGpa + (long) head * BlkConstants.HEADER_BYTES;
        bytes[segments++] = BlkConstants.HEADER_BYTES;
        boolean deviceWrites =
                (type & BlkConstants.VIRTIO_BLK_T_OUT) == 0 && type != BlkConstants.VIRTIO_BLK_T_SECURE_ERASE;
        if (dataBytes > segmentBytes) {
            segments = split(dataGpa, dataBytes);
        } else if (dataBytes > 0) {
            gpa[segments] = dataGpa;
            bytes[segments++] = dataBytes;
        }
        int readable = deviceWrites ? 1 : segments;
        gpa[segments] = statusesGpa + ((long) head << statusShift) - answerBytes + 1;
        bytes[segments++] = answerBytes;
        if (ring.add(gpa, bytes, readable, segments) == NONE) {
            return NONE;
        }
        long header = headers + (long) head * BlkConstants.HEADER_BYTES;
        Le.put64(ram, header, type);
        Le.put64(ram, header + 8, sector);
        if (timeline != null && timeline.isSampled(head)) {
            sampledUnpublished[sampledCount++] = head;
        }
        return head;
    }

    /** The data in segments as long as the device takes them. Returns the number of segments with the header's. */
    private int split(long dataGpa, int dataBytes) {
        if (dataBytes > maxDataBytes()) {
            throw new IllegalArgumentException("a request of " + dataBytes + " bytes exceeds the " + maxDataSegments
                    + " segments of " + segmentBytes + " bytes that the device and this driver allow");
        }
        int segments = 1;
        for (int done = 0; done < dataBytes; done += segmentBytes) {
            gpa[segments] = dataGpa + done;
            bytes[segments++] = Math.min(segmentBytes, dataBytes - done);
        }
        return segments;
    }

    /** Longest data of one request in bytes. */
    public long maxDataBytes() {
        return (long) segmentBytes * maxDataSegments;
    }

    /** Makes all queued requests visible to the device, and kicks it if it wants to be kicked. */
    public void publish() {
        for (int i = 0; i < sampledCount; i++) {
            timeline.stamp(sampledUnpublished[i], TracePoint.PUBLISH);
        }
        sampledCount = 0;
        if (ring.publish() && ring.needsKick()) {
            transport.kick(index, ring.position());
        }
    }

    /** Takes the next completed request. Returns its head, or {@link #NONE}. */
    public int poll() {
        int head = ring.pollUsed();
        if (head != NONE && timeline != null && timeline.isSampled(head)) {
            timeline.stamp(head, TracePoint.DRIVER_REAP);
        }
        return head;
    }

    /** Whether a completed request waits to be taken by {@link #poll()}. */
    public boolean hasUsed() {
        return ring.hasUsed();
    }

    /** Status byte of a request just polled: VIRTIO_BLK_S_OK, _IOERR, _UNSUPP or, on zoned disks, _ZONE_*. */
    public int status(int head) {
        return Le.get8(ram, statuses + ((long) head << statusShift));
    }

    /** Where a zone append just polled was written: its first sector. */
    public long appendedSector(int head) {
        return Le.get64(ram, statuses + ((long) head << statusShift) - BlkConstants.APPEND_SECTOR_BYTES);
    }

    /** The timeline of this queue's requests, or null when timelines are off. */
    public TimelineTable timeline() {
        return timeline;
    }

    /** Asks for no interrupts while this thread polls anyway. */
    public void disableInterrupts() {
        ring.disableInterrupts();
    }

    /** Asks for an interrupt at the next completion. Returns true when one is there already. */
    public boolean enableInterrupts() {
        return ring.enableInterrupts();
    }

    /** The interrupt handler's part on the transport: read and acknowledge. Returns the pending bits. */
    public int handleInterrupt() {
        return transport.handleInterrupt();
    }

    /** Whether the device asked for a reset: it will not answer any more. */
    public boolean needsReset() {
        return (transport.status() & DeviceStatus.DEVICE_NEEDS_RESET) != 0;
    }
}
