package ringside.emulator.block;

/** An image is not what its format demands, or uses what is not served. The message is one line and names the image. */
public final class InvalidImageException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** @param text what is wrong and, where there is one, the remedy */
    public InvalidImageException(String image, String text) {
        super("image " + image + ": " + text);
    }
}
