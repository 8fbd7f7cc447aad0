/** aio=native: the kernel's asynchronous I/O (Linux AIO, io_submit), for files that were opened with O_DIRECT. */
package ringside.emulator.aio.linux;
