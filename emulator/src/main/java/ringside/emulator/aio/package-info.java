/**
 * Asynchronous engines: a thread pool, io_uring. One engine per loop and kind; operations are reused slots. Uses
 * {@code ffi}, {@code eventloop}, {@code trace}; used by {@code block} only.
 */
package ringside.emulator.aio;
