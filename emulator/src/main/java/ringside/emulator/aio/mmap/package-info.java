/** aio=mmap: the image mapped into the process, requests as copies on the loop. */
package ringside.emulator.aio.mmap;
