package ringside.emulator.vhostuser.server;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import ringside.emulator.device.VirtioDevice;
import ringside.emulator.ffi.NativeException;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.vhostuser.VhostUserListener;
import ringside.emulator.vhostuser.VhostUserSocket;

/**
 * Serves a device on a socket, one front-end after another. The device's memory must be a window
 * ({@link GuestMemory#window}) that nobody else maps into.
 *
 * <p>{@link #start()} and {@link #close()} belong to one thread; the others may be called from any.
 */
public final class VhostUserServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("ringside.vhostuser");
    private static final long ACCEPT_RETRY_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final VhostUserListener listener;
    private final VirtioDevice device;
    private final GuestMemory memory;
    private final Runnable memoryChanged;
    private final Thread thread;
    private final AtomicLong connections = new AtomicLong();
    private volatile VhostUserSocket current;
    private volatile boolean closed;

    /**
     * Binds the socket; nobody is served yet.
     *
     * @param memoryChanged runs on the control thread when regions of the memory have come or gone, while no queue runs
     * @throws IllegalArgumentException when the path is taken
     */
    public VhostUserServer(Path socket, VirtioDevice device, GuestMemory memory, Runnable memoryChanged) {
        this.listener = VhostUserListener.bind(socket);
        this.device = device;
        this.memory = memory;
        this.memoryChanged = memoryChanged;
        this.thread = Thread.ofPlatform().name("vhost-user").daemon(true).unstarted(this::run);
    }

    /** Begins to accept front-ends. */
    public void start() {
        thread.start();
    }

    private void run() {
        for (Optional<VhostUserSocket> peer = accept(); peer.isPresent(); peer = accept()) {
            connections.incrementAndGet();
            current = peer.get();
            if (closed) {
                peer.get().close();
                return;
            }
            try {
                new BackEndConnection(peer.get(), device, memory, memoryChanged).serve();
            } catch (RuntimeException e) {
                // Whatever this front-end caused, the next one must find a server.
                LOG.log(System.Logger.Level.ERROR, "connection ended unexpectedly", e);
            } finally {
                current = null;
            }
        }
    }

    /** A host without descriptors may have some again: the front-end waits in the queue meanwhile. */
    private Optional<VhostUserSocket> accept() {
        boolean told = false;
        while (true) {
            try {
                return listener.accept();
            } catch (NativeException e) {
                if (!told) {
                    LOG.log(System.Logger.Level.WARNING, e.getMessage());
                    told = true;
                }
                LockSupport.parkNanos(ACCEPT_RETRY_NS);
            }
        }
    }

    /** Front-ends that have connected so far. */
    public long connections() {
        return connections.get();
    }

    /** Whether a front-end is connected now. */
    public boolean connected() {
        return current != null;
    }

    /** Ends the connection as if the front-end had hung up: requests in flight are finished first. Then stops. */
    @Override
    public void close() {
        closed = true;
        listener.close();
        VhostUserSocket peer = current;
        if (peer != null) {
            peer.hangUp();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return; // the thread may still accept: the descriptor stays open until the process ends
        }
        listener.free();
    }
}
