/**
 * The only room that calls native code: system calls through the foreign function API, errno, futexes, the probe of
 * what the host allows. A leaf room. Everything else in the emulator calls these methods and never a Linker.
 */
package ringside.emulator.ffi;
