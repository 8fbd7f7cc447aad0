package ringside.emulator.localsocket;

/** The peer broke the protocol, hung up, or did not answer in time. The message is one line for a person. */
public final class PeerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PeerException(String message) {
        super(message);
    }
}
