package ringside.emulator.vhostuser.client;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import ringside.emulator.device.DeviceStatus;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.ffi.NativeException;
import ringside.emulator.guest.DriverTransport;
import ringside.emulator.localsocket.PeerException;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.vhostuser.ProtocolFeatures;
import ringside.emulator.vhostuser.VhostUserRequest;
import ringside.emulator.virtqueue.DriverRingAddresses;

/**
 * A vhost-user-blk server as a transport of the guest's driver: the front-end of the protocol, with the part that QEMU
 * plays for a guest (QEMU docs/interop/vhost-user.rst).
 *
 * <p>The driver's status drives the protocol: FEATURES_OK sends the features, DRIVER_OK shares memory and starts the
 * rings, a reset stops them. A server that hung up shows as DEVICE_NEEDS_RESET, or is replaced by {@link #reconnect}.
 *
 * <p>Control methods lock each other out and may come from any thread; {@link #kick} takes no lock. All throw
 * {@link PeerException} with one line when the server refuses, is late, or is gone.
 */
public final class VhostUserFrontEnd implements DriverTransport, AutoCloseable {
    private static final long RETRY_NS = 10_000_000L;

    private final FrontEndSpec spec;
    private final SharedMemory memory;
    private final FrontEndQueues queues;
    private FrontEndChannel channel;
    private Handshake handshake;
    private Optional<FrontEndInflight> inflight = Optional.empty();
    private long features;
    private int status;
    private boolean started;
    private boolean memoryShared;
    private boolean givenUp;

    private VhostUserFrontEnd(FrontEndSpec spec, GuestMemory memory) {
        this.spec = spec;
        this.memory = new SharedMemory(memory);
        this.queues = new FrontEndQueues(spec.queues(), memory);
    }

    /**
     * Connects to a server and negotiates the protocol.
     *
     * @param memory shared with the server from DRIVER_OK on; must outlive this object
     * @throws NativeException when nobody listens on the socket in time
     * @throws PeerException when the server is not usable
     */
    public static VhostUserFrontEnd connect(FrontEndSpec spec, GuestMemory memory) {
        VhostUserFrontEnd frontEnd = new VhostUserFrontEnd(spec, memory);
        try {
            frontEnd.open(spec.connectTimeoutNs());
            return frontEnd;
        } catch (RuntimeException e) {
            frontEnd.free();
            throw e;
        }
    }

    private void open(long timeoutNs) {
        channel = FrontEndChannel.connect(spec, timeoutNs);
        memoryShared = false;
        handshake = Handshake.perform(channel, spec);
    }

    @Override
    public int deviceType() {
        return BlkConstants.VIRTIO_ID_BLOCK;
    }

    @Override
    public synchronized void reset() {
        if (started) {
            started = false;
            stop();
        }
        inflight.ifPresent(FrontEndInflight::close);
        inflight = Optional.empty();
        status = 0;
        queues.forget();
    }

    /** A server that hung up has stopped; one that does not answer may still write, so that is an error. */
    private void stop() {
        if (channel.lost()) {
            return;
        }
        try {
            queues.stop(channel);
            if (handshake.has(ProtocolFeatures.RESET_DEVICE)) {
                channel.begin(VhostUserRequest.RESET_DEVICE, 0);
                channel.tell();
            }
        } catch (PeerException e) {
            if (!channel.hungUp()) {
                throw e;
            }
        }
    }

    @Override
    public synchronized void addStatus(int bits) {
        int before = status;
        status |= bits;
        int added = status & ~before;
        if ((added & DeviceStatus.FEATURES_OK) != 0) {
            sendFeatures();
        }
        if ((added & DeviceStatus.DRIVER_OK) != 0) {
            start();
        }
    }

    private void sendFeatures() {
        channel.begin(VhostUserRequest.SET_FEATURES, Long.BYTES)
                .u64(0, features | ProtocolFeatures.VHOST_USER_F_PROTOCOL_FEATURES);
        channel.tell();
    }

    private void start() {
        if (handshake.has(ProtocolFeatures.INFLIGHT_SHMFD)) {
            if (inflight.isEmpty()) {
                inflight = Optional.of(FrontEndInflight.create(channel, queues.count(), spec.queueSize()));
            }
            inflight.get().give(channel);
        }
        if (!memoryShared) {
            memory.share(channel, handshake);
            memoryShared = true;
        }
        queues.start(channel);
        channel.barrier();
        started = true;
    }

    @Override
    public synchronized int status() {
        return channel.lost() ? status | DeviceStatus.DEVICE_NEEDS_RESET : status;
    }

    /** Whether the server hung up or broke the protocol: nothing in flight completes before a {@link #reconnect}. */
    public synchronized boolean isLost() {
        return channel.lost();
    }

    @Override
    public synchronized long deviceFeatures() {
        return handshake.offered()
                & spec.acceptedFeatures()
                & ~(ProtocolFeatures.VHOST_USER_F_PROTOCOL_FEATURES | ProtocolFeatures.VHOST_F_LOG_ALL);
    }

    @Override
    public synchronized void driverFeatures(long accepted) {
        features = accepted;
    }

    /** What both sides use. */
    public synchronized NegotiatedFeatures negotiated() {
        return new NegotiatedFeatures(features, handshake.protocol());
    }

    @Override
    public int queueMaxSize(int queue) {
        return queue < queues.count() ? spec.queueSize() : 0;
    }

    @Override
    public synchronized void enableQueue(int queue, int size, DriverRingAddresses addresses) {
        queues.configure(queue, size, addresses);
    }

    @Override
    public void kick(int queue) {
        queues.kick(queue);
    }

    /** The number of queues is the front-end's own choice, as with QEMU; all else is the server's. */
    @Override
    public synchronized long config(int offset, int widthBytes) {
        return offset == BlkConstants.CONFIG_NUM_QUEUES
                ? queues.count()
                : FrontEndConfig.read(channel, offset, widthBytes);
    }

    @Override
    public synchronized void putConfig(int offset, int widthBytes, long value) {
        FrontEndConfig.write(channel, offset, widthBytes, value);
    }

    /** There is no register to read: a hang-up shows as a change of configuration. One system call. */
    @Override
    public int handleInterrupt() {
        return isLost() ? INTERRUPT_USED | INTERRUPT_CONFIG : INTERRUPT_USED;
    }

    /** A waiter for the used-buffer notifications of some queues, for one thread. The caller closes it. */
    public CallWaiter callWaiter(List<Integer> ofQueues) {
        return new CallWaiter(queues.calls(ofQueues));
    }

    /**
     * Goes on with the next server on the same socket after the one before hung up. Threads may submit, publish and kick
     * meanwhile. With INFLIGHT_SHMFD no request is lost or repeated. Does nothing when the server is there.
     *
     * @param timeoutNs how long to wait for the next server
     * @throws PeerException when none comes, when it offers less than the one before, or when requests are in flight
     *     that the server kept no record of; without a record a packed ring never tells whether there are any
     */
    public synchronized void reconnect(long timeoutNs) {
        if (!channel.lost()) {
            return;
        }
        if (givenUp) {
            throw new PeerException("the vhost-user server on " + spec.socket() + " did not come back");
        }
        givenUp = true; // until it succeeds, so that a second thread does not wait all over again
        if (started && inflight.isEmpty() && queues.mayHaveRequestsInFlight()) {
            throw new PeerException("the vhost-user server on " + spec.socket()
                    + " hung up with requests in flight and does not offer INFLIGHT_SHMFD, so nobody knows which of them"
                    + " it carried out; start again");
        }
        long deadline = System.nanoTime() + timeoutNs;
        boolean done = false;
        while (!done) {
            channel.close();
            done = tryAgain(deadline);
        }
        givenUp = false;
    }

    /** Returns false when the server went away once more and there is time for another. */
    private boolean tryAgain(long deadline) {
        try {
            open(Math.max(0, deadline - System.nanoTime()));
            checkOffer();
            if ((status & DeviceStatus.FEATURES_OK) != 0) {
                sendFeatures();
            }
            if (started) {
                start();
                queues.wakeBothSides();
            }
            return true;
        } catch (PeerException e) {
            if (!channel.hungUp() || System.nanoTime() >= deadline) {
                throw e;
            }
            LockSupport.parkNanos(RETRY_NS);
            return false;
        }
    }

    private void checkOffer() {
        long missing = features & ~handshake.offered();
        boolean noRecord = inflight.isPresent() && !handshake.has(ProtocolFeatures.INFLIGHT_SHMFD);
        if (missing != 0 || noRecord) {
            throw new PeerException("the vhost-user server that came back on " + spec.socket()
                    + " does not offer what was in use: "
                    + (noRecord ? "INFLIGHT_SHMFD" : new NegotiatedFeatures(missing, 0).describeVirtio()));
        }
    }

    /** Stops the rings and hangs up. */
    @Override
    public synchronized void close() {
        try {
            reset();
        } finally {
            free();
        }
    }

    private void free() {
        inflight.ifPresent(FrontEndInflight::close);
        inflight = Optional.empty();
        if (channel != null) {
            channel.close();
        }
        queues.close();
    }
}
