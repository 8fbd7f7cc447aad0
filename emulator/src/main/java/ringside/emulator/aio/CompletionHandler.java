package ringside.emulator.aio;

/** Receives completions of an engine, on the thread that runs the engine's loop task. Implemented by {@code block}. */
@FunctionalInterface
public interface CompletionHandler {
    /** The operation ended; {@link AioOp#result} tells how. The operation may be submitted again from here. */
    void completed(AioOp op);
}
