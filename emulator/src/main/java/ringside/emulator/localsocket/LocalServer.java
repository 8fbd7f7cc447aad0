package ringside.emulator.localsocket;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import ringside.emulator.ffi.NativeException;

/**
 * Serves a socket, one client after another, on a thread of its own. {@link #start()} and {@link #close()} belong to one
 * thread; the others may be called from any.
 */
public final class LocalServer implements PeerServer {
    private static final long ACCEPT_RETRY_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final System.Logger log;
    private final LocalListener listener;
    private final Consumer<LocalSocket> session;
    private final Thread thread;
    private final AtomicLong connections = new AtomicLong();
    private volatile LocalSocket current;
    private volatile boolean closed;

    /**
     * Binds the socket; nobody is served yet.
     *
     * @param name of the protocol, which names thread and logger
     * @param session serves one client and returns when it has gone; closes the socket
     * @throws IllegalArgumentException when the path is taken
     */
    public LocalServer(Path path, String name, Consumer<LocalSocket> session) {
        this.log = System.getLogger("ringside." + name.replace("-", ""));
        this.listener = LocalListener.bind(path);
        this.session = session;
        this.thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this::run);
    }

    @Override
    public void start() {
        thread.start();
    }

    private void run() {
        for (Optional<LocalSocket> peer = accept(); peer.isPresent(); peer = accept()) {
            connections.incrementAndGet();
            current = peer.get();
            if (closed) {
                peer.get().close();
                return;
            }
            try {
                session.accept(peer.get());
            } catch (RuntimeException | InternalError e) {
                // Whatever this client caused, the next one must find a server.
                log.log(System.Logger.Level.ERROR, "connection ended unexpectedly", e);
            } finally {
                current = null;
            }
        }
    }

    /** A host without descriptors may have some again: the client waits in the queue meanwhile. */
    private Optional<LocalSocket> accept() {
        boolean told = false;
        while (true) {
            try {
                return listener.accept();
            } catch (NativeException e) {
                if (!told) {
                    log.log(System.Logger.Level.WARNING, e.getMessage());
                    told = true;
                }
                LockSupport.parkNanos(ACCEPT_RETRY_NS);
            }
        }
    }

    @Override
    public long connections() {
        return connections.get();
    }

    @Override
    public boolean connected() {
        return current != null;
    }

    @Override
    public void close() {
        closed = true;
        listener.close();
        LocalSocket peer = current;
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
