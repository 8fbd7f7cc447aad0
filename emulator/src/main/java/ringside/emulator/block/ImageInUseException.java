package ringside.emulator.block;

/** The image is locked by another process. It may become free: the process may be on its way out. */
public final class ImageInUseException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    ImageInUseException(String message) {
        super(message);
    }
}
