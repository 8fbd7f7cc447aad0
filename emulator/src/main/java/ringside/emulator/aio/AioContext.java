package ringside.emulator.aio;

import ringside.emulator.eventloop.LoopContext;

/** A loop together with the engines that live on it (QEMU: AioContext). Engines are made on first use and shared. */
public interface AioContext {
    /** The loop. */
    LoopContext loop();

    /**
     * The loop's engine of this kind, created and attached to the loop on first use.
     *
     * @throws ringside.emulator.ffi.NativeException when the host refuses (io_uring forbidden, memlock too low)
     */
    AioEngine engine(AioKind kind);

    /** Likewise, with an io_uring of its own for each set of options; the other engines have none. */
    default AioEngine engine(AioKind kind, UringOptions options) {
        return engine(kind);
    }
}
