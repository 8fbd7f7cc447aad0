package ringside.emulator.localsocket;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import ringside.emulator.ffi.SocketCalls;

/** A struct sockaddr_un (unix(7)). */
final class SocketAddress {
    /** Longest path, without the terminating zero. */
    static final int MAX_PATH_BYTES = 107;

    private static final int FAMILY_BYTES = 2;

    private SocketAddress() {}

    /**
     * The name of a path.
     *
     * @throws IllegalArgumentException when the path is too long for a socket
     */
    static MemorySegment of(Path path, Arena arena) {
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        if (name.length > MAX_PATH_BYTES) {
            throw new IllegalArgumentException("socket path " + path + " is longer than " + MAX_PATH_BYTES
                    + " bytes, which is all that Linux takes; choose a shorter one");
        }
        MemorySegment address = arena.allocate(FAMILY_BYTES + name.length + 1L, 8);
        address.set(ValueLayout.JAVA_SHORT, 0, (short) SocketCalls.AF_UNIX);
        MemorySegment.copy(name, 0, address, ValueLayout.JAVA_BYTE, FAMILY_BYTES, name.length);
        return address;
    }
}
