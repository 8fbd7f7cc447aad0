package ringside.emulator.vfiouser;

import java.nio.file.Path;
import ringside.emulator.localsocket.LocalServer;
import ringside.emulator.localsocket.PeerServer;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.pci.PciFunction;

/**
 * Lends a PCI function to clients on a socket, one after another. The function's memory must be a window
 * ({@link GuestMemory#window}) that nobody else maps into.
 *
 * <p>{@link #start()} and {@link #close()} belong to one thread; the others may be called from any.
 */
public final class VfioUserServer implements PeerServer {
    private final LocalServer server;

    /**
     * Binds the socket; nobody is served yet.
     *
     * @param memoryChanged runs on the control thread when ranges of the memory have come or gone, while no queue runs
     * @throws IllegalArgumentException when the path is taken
     */
    public VfioUserServer(Path socket, PciFunction function, GuestMemory memory, Runnable memoryChanged) {
        server = new LocalServer(
                socket, "vfio-user", peer -> new VfioUserSession(peer, function, memory, memoryChanged).serve());
    }

    @Override
    public void start() {
        server.start();
    }

    @Override
    public long connections() {
        return server.connections();
    }

    @Override
    public boolean connected() {
        return server.connected();
    }

    /** Ends the connection as if the client had hung up: the function is reset. Then stops. */
    @Override
    public void close() {
        server.close();
    }
}
