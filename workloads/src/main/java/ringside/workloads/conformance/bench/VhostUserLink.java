package ringside.workloads.conformance.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import ringside.emulator.eventloop.EventNotifier;
import ringside.emulator.ffi.LibC;
import ringside.emulator.ffi.NativeException;
import ringside.emulator.localsocket.PeerException;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.memory.GuestRegionSpec;
import ringside.emulator.vhostuser.ProtocolFeatures;
import ringside.emulator.vhostuser.VhostUserMessage;
import ringside.emulator.vhostuser.VhostUserRequest;

/**
 * A front-end of vhost-user that says just what it is told to. Ring addresses are user addresses far from the guest
 * physical ones, so a server that mixes the two finds nothing.
 */
public final class VhostUserLink implements DeviceLink {
    /** What a user address is above the guest physical address of the same byte. */
    public static final long USER_OFFSET = 0x5000_0000_0000L;

    private static final long BASE_GPA = 1L << 30;
    private static final long MEMORY_BYTES = 32L << 20;
    private static final long CONNECT_MS = 3000;
    private static final long HIDDEN =
            ProtocolFeatures.VHOST_USER_F_PROTOCOL_FEATURES | ProtocolFeatures.VHOST_F_LOG_ALL;
    private static final long WANTED = ProtocolFeatures.REPLY_ACK | ProtocolFeatures.CONFIG | ProtocolFeatures.MQ;

    private final Path path;
    private final GuestMemory memory =
            GuestMemory.allocate(List.of(new GuestRegionSpec(BASE_GPA, MEMORY_BYTES)), false);
    private final RawRam ram = new RawRam(memory.ram(), BASE_GPA);
    private final Map<Integer, QueueLayout> queues = new TreeMap<>();
    private final Map<Integer, EventNotifier> kicks = new TreeMap<>();
    private final Map<Integer, EventNotifier> calls = new TreeMap<>();
    private final Map<Integer, EventNotifier> errors = new TreeMap<>();
    private final Map<Integer, Integer> bases = new TreeMap<>();
    private VhostUserChannel channel;
    private long offered;
    private long protocol;
    private long features;

    /** @param path of the server's socket */
    public VhostUserLink(Path path) {
        this.path = path;
        connect();
    }

    private void connect() {
        long[] error = new long[1];
        boolean[] connected = new boolean[1];
        Waiting.until(CONNECT_MS, () -> {
            try {
                channel = VhostUserChannel.connect(path);
                connected[0] = true;
            } catch (NativeException e) {
                error[0] = e.errno();
            }
            return connected[0];
        });
        if (!connected[0]) {
            throw new BenchException(
                    "the server does not accept a connection on " + path + " (errno " + error[0] + ")");
        }
        handshake();
    }

    private void handshake() {
        channel.tell(channel.begin(VhostUserRequest.SET_OWNER, 0));
        offered = channel.number(VhostUserRequest.GET_FEATURES);
        if ((offered & ProtocolFeatures.VHOST_USER_F_PROTOCOL_FEATURES) == 0) {
            throw new BenchException("the server offers no protocol features");
        }
        protocol = channel.number(VhostUserRequest.GET_PROTOCOL_FEATURES) & WANTED;
        channel.tell(channel.begin(VhostUserRequest.SET_PROTOCOL_FEATURES, Long.BYTES)
                .u64(0, protocol));
        channel.acknowledged((protocol & ProtocolFeatures.REPLY_ACK) != 0);
    }

    /** The connection, for messages that no legal front-end sends. */
    public VhostUserChannel channel() {
        return channel;
    }

    /** Protocol features in use. */
    public long protocol() {
        return protocol;
    }

    /** The memory that is shared. */
    public GuestMemory memory() {
        return memory;
    }

    /** The server's socket. */
    public Path path() {
        return path;
    }

    @Override
    public TransportKind transport() {
        return TransportKind.VHOST_USER;
    }

    @Override
    public RawRam ram() {
        return ram;
    }

    @Override
    public long offered() {
        return offered & ~HIDDEN;
    }

    @Override
    public boolean negotiate(long chosen) {
        if (!queues.isEmpty() || features != 0) {
            reset();
        }
        features = chosen;
        return channel.tryTell(channel.begin(VhostUserRequest.SET_FEATURES, Long.BYTES)
                .u64(0, chosen | ProtocolFeatures.VHOST_USER_F_PROTOCOL_FEATURES));
    }

    @Override
    public void setUpQueue(int queue, QueueLayout layout) {
        queues.put(queue, layout);
    }

    /** Where a ring begins, before {@link #driverOk()}. */
    public void base(int queue, int value) {
        bases.put(queue, value);
    }

    @Override
    public void driverOk() {
        shareMemory();
        queues.keySet().forEach(this::startRing);
    }

    /** SET_MEM_TABLE with the one region. */
    public void shareMemory() {
        channel.tell(memoryTable(1)
                .u64(8, BASE_GPA)
                .u64(16, MEMORY_BYTES)
                .u64(24, BASE_GPA + USER_OFFSET)
                .u64(32, memory.fileOffset(0))
                .attachFd(memory.fileDescriptor()));
    }

    /** A SET_MEM_TABLE message with room for a number of regions. */
    public VhostUserMessage memoryTable(int regions) {
        return channel.begin(VhostUserRequest.SET_MEM_TABLE, 8 + regions * 32).u32(0, regions);
    }

    /** Everything that starts one ring. */
    public void startRing(int queue) {
        QueueLayout layout = queues.get(queue);
        state(VhostUserRequest.SET_VRING_NUM, queue, layout.size());
        boolean packed = (features & Features.RING_PACKED) != 0;
        state(VhostUserRequest.SET_VRING_BASE, queue, bases.getOrDefault(queue, packed ? 0x8000_8000 : 0));
        channel.tell(addresses(queue, layout));
        channel.tell(fd(VhostUserRequest.SET_VRING_ERR, queue, notifier(errors, queue)));
        channel.tell(fd(VhostUserRequest.SET_VRING_CALL, queue, notifier(calls, queue)));
        channel.tell(fd(VhostUserRequest.SET_VRING_KICK, queue, notifier(kicks, queue)));
        state(VhostUserRequest.SET_VRING_ENABLE, queue, 1);
        channel.number(VhostUserRequest.GET_FEATURES); // returns when all of that is done
        takeNotifications(queue); // a server may announce a ring that starts
    }

    private static EventNotifier notifier(Map<Integer, EventNotifier> all, int queue) {
        return all.computeIfAbsent(queue, _ -> new EventNotifier());
    }

    private VhostUserMessage fd(VhostUserRequest request, int queue, EventNotifier notifier) {
        return channel.begin(request, Long.BYTES).u64(0, queue).attachFd(notifier.fd());
    }

    /** A message of queue index and number. */
    public void state(VhostUserRequest request, int queue, int value) {
        channel.tell(channel.begin(request, Long.BYTES).u32(0, queue).u32(4, value));
    }

    /** SET_VRING_ADDR of a layout. */
    public VhostUserMessage addresses(int queue, QueueLayout layout) {
        return channel.begin(VhostUserRequest.SET_VRING_ADDR, 40)
                .u32(0, queue)
                .u64(8, layout.descGpa() + USER_OFFSET)
                .u64(16, layout.deviceGpa() + USER_OFFSET)
                .u64(24, layout.driverGpa() + USER_OFFSET);
    }

    /** Stops a ring; returns where it stopped. */
    public int stopRing(int queue) {
        return channel.ask(
                        channel.begin(VhostUserRequest.GET_VRING_BASE, Long.BYTES)
                                .u32(0, queue),
                        Long.BYTES)
                .u32(4);
    }

    @Override
    public void kick(int queue) {
        notifier(kicks, queue).signal();
    }

    @Override
    public int takeNotifications(int queue) {
        EventNotifier call = notifier(calls, queue);
        return Counter.take(call.fd());
    }

    /** Whether the error descriptor of a queue was signalled. */
    public boolean errorSignalled(int queue) {
        return errors.containsKey(queue) && LibC.waitReadable(errors.get(queue).fd(), 0) > 0;
    }

    @Override
    public long config(int offset, int widthBytes) {
        int bytes = offset + widthBytes <= 60 ? 60 : 72;
        VhostUserMessage reply = channel.ask(
                channel.begin(VhostUserRequest.GET_CONFIG, 12 + bytes).u32(4, bytes), 12 + offset + widthBytes);
        long value = 0;
        for (int i = 0; i < widthBytes; i++) {
            value |= Byte.toUnsignedLong(reply.u8(12 + offset + i)) << Byte.SIZE * i;
        }
        return value;
    }

    @Override
    public void putConfig(int offset, int widthBytes, long value) {
        VhostUserMessage message = channel.begin(VhostUserRequest.SET_CONFIG, 12 + widthBytes)
                .u32(0, offset)
                .u32(4, widthBytes);
        for (int i = 0; i < widthBytes; i++) {
            message.u8(12 + i, (byte) (value >>> Byte.SIZE * i));
        }
        channel.tryTell(message);
    }

    @Override
    public boolean broken() {
        return channel.hungUp() || queues.keySet().stream().anyMatch(this::errorSignalled);
    }

    @Override
    public void reset() {
        channel.close();
        forget();
        connect();
    }

    private void forget() {
        List.of(kicks, calls, errors).forEach(all -> {
            all.values().forEach(EventNotifier::close);
            all.clear();
        });
        queues.clear();
        bases.clear();
        features = 0;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (PeerException e) {
            // Whatever it says now, we leave.
        }
        forget();
        memory.close();
    }
}
