package ringside.workloads.conformance.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import ringside.workloads.conformance.spec.NotApplicable;

/** What a test works with: the device, a queue, and short ways to make requests. One thread. */
public final class Bench {
    /** How long a request may take. */
    public static final long PATIENCE_MS = 3000;

    /** How long nothing may happen before we believe that nothing happens. */
    public static final long QUIET_MS = 15;

    private static final int QUEUE_SIZE = 64;
    private static final int POISON = 0xa5;

    private final DeviceUnderTest device;
    private final RingKind kind;
    private RawRing ring;

    public Bench(DeviceUnderTest device, RingKind kind) {
        this.device = device;
        this.kind = kind;
    }

    public DeviceUnderTest device() {
        return device;
    }

    public DeviceLink link() {
        return device.link();
    }

    public RawRam ram() {
        return link().ram();
    }

    public RingKind kind() {
        return kind;
    }

    /** The link, where it has registers. */
    public RegisterLink registers() {
        return (RegisterLink) link();
    }

    /** The link, where it is virtio-mmio. */
    public MmioLink mmio() {
        return (MmioLink) link();
    }

    /** The link, where it is vhost-user. */
    public VhostUserLink vhostUser() {
        return (VhostUserLink) link();
    }

    public RawRing ring() {
        return ring;
    }

    /** The ring, where it is split. */
    public SplitRing split() {
        return (SplitRing) ring;
    }

    /** The ring, where it is packed. */
    public PackedRing packed() {
        return (PackedRing) ring;
    }

    /** What every driver of the ring format accepts. */
    public long baseFeatures() {
        return Features.VERSION_1 | (kind == RingKind.PACKED ? Features.RING_PACKED : 0);
    }

    /** Skips a test on a device that does not offer something. */
    public void require(long features, String name) {
        if ((link().offered() & features) != features) {
            throw new NotApplicable("the device does not offer " + name);
        }
    }

    /** Initialises the device with one queue, its default size. */
    public void start(long moreFeatures) {
        start(moreFeatures, QUEUE_SIZE);
    }

    /** Initialises the device with one queue. */
    public void start(long moreFeatures, int size) {
        negotiate(moreFeatures);
        makeRing(size);
        link().setUpQueue(0, ring.layout());
        link().driverOk();
    }

    /** As far as FEATURES_OK. */
    public void negotiate(long moreFeatures) {
        boolean accepted = link().negotiate(baseFeatures() | moreFeatures);
        ram().clear(); // only now: before, a ring of the last test may have been in use
        if (!accepted) {
            throw new BenchException("the device refuses features 0x" + Long.toHexString(baseFeatures() | moreFeatures)
                    + " of the 0x" + Long.toHexString(link().offered()) + " that it offers");
        }
    }

    /** A fresh ring of the format under test, which the device does not know yet. */
    public RawRing makeRing(int size) {
        ring = kind == RingKind.PACKED ? new PackedRing(ram(), size) : new SplitRing(ram(), size);
        return ring;
    }

    /** Takes a ring that a test made. */
    public void use(RawRing made) {
        ring = made;
    }

    /** A request in guest memory: header, readable data, writable data, status. */
    public BlkRequest request(int type, long sector, byte[] out, int inBytes) {
        RawRam ram = ram();
        long header = ram.allocate(BlkRequest.HEADER_BYTES, 16);
        ram.put32(header, type);
        ram.put64(header + 8, sector);
        int dataBytes = Math.max(out.length, inBytes);
        long data = ram.allocate(Math.max(1, dataBytes), 512);
        long status = ram.allocate(1, 1);
        ram.put8(status, BlkRequest.UNTOUCHED);
        List<Buffer> buffers = new ArrayList<>(List.of(Buffer.readable(header, BlkRequest.HEADER_BYTES)));
        if (out.length > 0) {
            ram.put(data, out);
            buffers.add(Buffer.readable(data, out.length));
        }
        if (inBytes > 0) {
            ram.fill(data, inBytes, POISON);
            buffers.add(Buffer.writable(data, inBytes));
        }
        buffers.add(Buffer.writable(status, 1));
        return new BlkRequest(ram, header, data, dataBytes, status, buffers);
    }

    public BlkRequest read(long sector, int bytes) {
        return request(BlkRequest.IN, sector, new byte[0], bytes);
    }

    public BlkRequest write(long sector, byte[] bytes) {
        return request(BlkRequest.OUT, sector, bytes, 0);
    }

    public BlkRequest flush() {
        return request(BlkRequest.FLUSH, 0, new byte[0], 0);
    }

    /** A discard, write-zeroes or secure-erase request of one segment. */
    public BlkRequest range(int type, long sector, int sectors, int flags) {
        return request(type, 0, segment(sector, sectors, flags), 0);
    }

    /** One segment: sector, number of sectors, flags. */
    public static byte[] segment(long sector, int sectors, int flags) {
        byte[] bytes = new byte[16];
        for (int i = 0; i < 8; i++) {
            bytes[i] = (byte) (sector >>> 8 * i);
        }
        for (int i = 0; i < 4; i++) {
            bytes[8 + i] = (byte) (sectors >>> 8 * i);
            bytes[12 + i] = (byte) (flags >>> 8 * i);
        }
        return bytes;
    }

    /** Bytes that depend on a seed, none of them the poison alone. */
    public static byte[] pattern(int seed, int bytes) {
        byte[] pattern = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            pattern[i] = (byte) (seed * 31 + i * 7 + (i >> 8));
        }
        return pattern;
    }

    /** Makes a request available and kicks. */
    public void submit(BlkRequest request) {
        ring.add(request.buffers());
        ring.publish();
        link().kick(0);
    }

    /** The next used buffer. */
    public Used awaitUsed() {
        List<Used> got = new ArrayList<>(1);
        Waiting.until(PATIENCE_MS, () -> {
            ring.poll().ifPresent(got::add);
            return !got.isEmpty();
        });
        if (got.isEmpty()) {
            throw new BenchException("nothing was used within " + PATIENCE_MS + " ms"
                    + (link().broken() ? "; the device says that it needs a reset" : ""));
        }
        return got.getFirst();
    }

    /** Whether nothing is used for a while. */
    public boolean staysUnused() {
        int before = ring.usedCount();
        Waiting.settle(QUIET_MS);
        return ring.usedCount() == before && ring.poll().isEmpty();
    }

    /** Executes a request. */
    public Completion run(BlkRequest request) {
        submit(request);
        Used used = awaitUsed();
        return new Completion(request.status(), used.lengthBytes());
    }

    /** Executes a request that must succeed. */
    public Completion runOk(BlkRequest request) {
        Completion completion = run(request);
        if (completion.status() != BlkRequest.OK) {
            throw new BenchException("a legal request ended with " + completion.describe());
        }
        return completion;
    }

    /** Reads sectors of a disk that answers. */
    public byte[] readBack(long sector, int bytes) {
        BlkRequest request = read(sector, bytes);
        runOk(request);
        return request.data();
    }

    /** Capacity in sectors. */
    public long capacity() {
        return link().config(0, 8);
    }

    /**
     * Whether the device, reset, still serves: writes and reads back where it can.
     *
     * @param writable whether writes are kept
     * @return what is wrong, empty when it serves
     */
    public Optional<String> survives(boolean writable) {
        try {
            link().reset();
            start(0);
            byte[] expected = pattern(99, BlkRequest.SECTOR_BYTES);
            if (writable) {
                runOk(write(3, expected));
            }
            byte[] got = readBack(3, BlkRequest.SECTOR_BYTES);
            return writable && !Arrays.equals(expected, got)
                    ? Optional.of("after a reset a sector reads back otherwise than it was written")
                    : Optional.empty();
        } catch (BenchException e) {
            return Optional.of("after a reset the device does not serve: " + e.getMessage());
        }
    }
}
