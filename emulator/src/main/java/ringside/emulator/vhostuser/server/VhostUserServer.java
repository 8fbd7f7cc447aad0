package ringside.emulator.vhostuser.server;

import java.nio.file.Path;
import ringside.emulator.device.VirtioDevice;
import ringside.emulator.localsocket.LocalServer;
import ringside.emulator.localsocket.PeerServer;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.vhostuser.VhostUserSocket;

/**
 * Serves a device on a socket, one front-end after another. The device's memory must be a window
 * ({@link GuestMemory#window}) that nobody else maps into.
 *
 * <p>{@link #start()} and {@link #close()} belong to one thread; the others may be called from any.
 */
public final class VhostUserServer implements PeerServer {
    private final LocalServer server;

    /**
     * Binds the socket; nobody is served yet.
     *
     * @param memoryChanged runs on the control thread when regions of the memory have come or gone, while no queue runs
     * @throws IllegalArgumentException when the path is taken
     */
    public VhostUserServer(Path socket, VirtioDevice device, GuestMemory memory, Runnable memoryChanged) {
        server = new LocalServer(
                socket,
                "vhost-user",
                peer -> new BackEndConnection(new VhostUserSocket(peer), device, memory, memoryChanged).serve());
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

    @Override
    public void close() {
        server.close();
    }
}
