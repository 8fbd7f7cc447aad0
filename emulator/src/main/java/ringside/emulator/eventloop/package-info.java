/**
 * Event loops: the main loop under the big lock, and IOThreads without it; adaptive polling, bottom halves, eventfd
 * notifiers. Uses {@code ffi} and {@code trace}; used by {@code aio}, {@code block}, {@code device} and above.
 */
package ringside.emulator.eventloop;
