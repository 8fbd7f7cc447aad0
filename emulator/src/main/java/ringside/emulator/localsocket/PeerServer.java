package ringside.emulator.localsocket;

/**
 * A server of one peer after another. {@link #start()} and {@link #close()} belong to one thread; the others may be called
 * from any.
 */
public interface PeerServer extends AutoCloseable {
    /** Begins to accept peers. */
    void start();

    /** Peers that have connected so far. */
    long connections();

    /** Whether a peer is connected now. */
    boolean connected();

    /** Ends the connection as if the peer had hung up: requests in flight are finished first. Then stops. */
    @Override
    void close();
}
