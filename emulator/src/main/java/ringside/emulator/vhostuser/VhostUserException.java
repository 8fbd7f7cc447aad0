package ringside.emulator.vhostuser;

/** The peer broke the protocol, hung up, or did not answer in time. The message is one line for a person. */
public final class VhostUserException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public VhostUserException(String message) {
        super(message);
    }
}
