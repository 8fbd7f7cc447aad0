package ringside.emulator.trace;

/**
 * The ordered points of one request's life that a timeline can stamp. Stages are differences of neighbouring points.
 */
public enum TracePoint {
    /** The guest driver begins to build the request. */
    DRIVER_SUBMIT,
    /** Just before the driver releases avail.idx. */
    PUBLISH,
    /** The device took the chain off the available ring. */
    POP,
    /** The device has parsed and validated the request. */
    PARSED,
    /** The request entered the block layer. */
    BLOCK_SUBMIT,
    /** The request was handed to the asynchronous engine. */
    AIO_SUBMIT,
    /** The engine reported completion. */
    AIO_COMPLETE,
    /** The device wrote the used element; nothing is stamped by the device after it. */
    ADD_USED,
    /** The guest driver took the completion off the used ring. */
    DRIVER_REAP;

    /** Number of points. */
    public static final int COUNT = values().length;
}
