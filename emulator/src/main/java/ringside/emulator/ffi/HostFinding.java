package ringside.emulator.ffi;

/**
 * What the host allows in one respect.
 *
 * @param name what was looked at, for example {@code io_uring}
 * @param ok whether Ringside can use it
 * @param detail what was found
 * @param remedy what to do about it, empty when there is nothing to do
 */
public record HostFinding(String name, boolean ok, String detail, String remedy) {}
