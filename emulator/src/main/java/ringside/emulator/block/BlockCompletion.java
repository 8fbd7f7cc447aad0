package ringside.emulator.block;

/** Receives the end of block requests, in the context of the loop the back end is attached to. */
@FunctionalInterface
public interface BlockCompletion {
    /**
     * The request ended. May be called before {@link BlockBackend#submit} returns.
     *
     * @param error 0, or a positive errno
     */
    void completed(BlockRequest request, int error);
}
