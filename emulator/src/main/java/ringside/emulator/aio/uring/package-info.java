/**
 * io_uring by raw system calls (man 7 io_uring): the two rings in shared memory, set-up, the engine. Used by
 * {@code aio} only.
 */
package ringside.emulator.aio.uring;
