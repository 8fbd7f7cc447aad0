/**
 * Asynchronous engines: a thread pool, io_uring. One engine per loop and kind; operations are reused slots. Uses
 * {@code ffi}, {@code eventloop}, {@code trace}; used by {@code block}, and by {@code machine} to give each loop its
 * engines.
 */
package ringside.emulator.aio;
