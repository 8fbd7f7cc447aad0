package ringside.emulator.block.nbd;

/** The server broke the protocol, refused, or is gone: the connection is of no more use. One line. */
final class NbdException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NbdException(String message) {
        super(message);
    }

    NbdException(String message, Throwable cause) {
        super(message, cause);
    }
}
