package ringside.emulator.block.coroutine;

import ringside.emulator.block.BlockRequest;

/** The path of one request as straight-line code. One object serves all coroutines of a back end. */
@FunctionalInterface
public interface RequestBody {
    /**
     * Serves a request to its end, waiting where it has to with {@link Coroutine#submit} and {@link Coroutine#await}.
     *
     * @return 0, or the positive errno with which the request ends
     */
    int serve(BlockRequest request, Coroutine self);
}
