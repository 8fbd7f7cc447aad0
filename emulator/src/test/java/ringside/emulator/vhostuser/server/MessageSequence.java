package ringside.emulator.vhostuser.server;

import static ringside.emulator.vhostuser.server.RawFrontEnd.join;
import static ringside.emulator.vhostuser.server.RawFrontEnd.u32;
import static ringside.emulator.vhostuser.server.RawFrontEnd.u64;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import ringside.emulator.ffi.LibC;
import ringside.emulator.vhostuser.ProtocolFeatures;

/**
 * What a front-end does, decoded from any bytes: messages that are mostly well-formed with fields that are mostly near a
 * limit, descriptors of all kinds, garbage in the rings, kicks, files cut short. The same bytes mean the same front-end.
 */
final class MessageSequence {
    private static final int MAX_STEPS = 48;
    private static final int ANY_ID = 64;
    private static final long USER = RawDriver.USER;
    private static final long GPA = RawDriver.GPA;

    /** Fields are picked from here more often than not. */
    private static final long[] INTERESTING = {
        0,
        1,
        2,
        3,
        4,
        7,
        8,
        15,
        16,
        63,
        64,
        255,
        256,
        4095,
        4096,
        65535,
        65536,
        RawDriver.MEMORY_BYTES,
        RawDriver.MEMORY_BYTES - 1,
        0x7fff_ffffL,
        0x8000_0000L,
        0xffff_ffffL,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        -1,
        -4096,
        GPA,
        GPA + 4096,
        USER,
        USER + 4096,
        1L << 26,
        1L << 30,
        1L << 32,
        BackEnd.PROTOCOL_FEATURES
    };

    /** Requests that get far; SET_OWNER is here once, because a second one begins from nothing. */
    private static final int[] KNOWN = {
        1, 2, 2, 3, 5, 5, 6, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 12, 13, 14, 15, 16, 17, 18, 18, 18, 24, 25, 31, 32, 34,
        36, 37, 37, 38
    };

    private final byte[] input;
    private int at;

    MessageSequence(byte[] input) {
        this.input = input;
    }

    private int next() {
        return at < input.length ? Byte.toUnsignedInt(input[at++]) : 0;
    }

    private boolean isOver() {
        return at >= input.length;
    }

    private long field() {
        int pick = next();
        if (pick < INTERESTING.length * 4) {
            return INTERESTING[pick / 4] + (pick % 4 == 3 ? 1 : 0);
        }
        return (long) next() << 8 | next();
    }

    /** Plays the front-end against a server. The connection ends with it. */
    void play(RawFrontEnd peer, RawDriver driver) {
        int file = LibC.memfdCreate("fuzz", 0);
        LibC.ftruncate(file, RawDriver.MEMORY_BYTES);
        try {
            begin(peer, driver);
            for (int step = 0; step < MAX_STEPS && !isOver(); step++) {
                step(peer, driver, file);
            }
        } catch (AssertionError hungUp) {
            // Sending to a server that has had enough of us.
        } finally {
            LibC.close(file);
        }
    }

    /** Most inputs begin far enough that something is there to be damaged. */
    private void begin(RawFrontEnd peer, RawDriver driver) {
        int how = next();
        if (how % 8 == 0) {
            return;
        }
        peer.handshake(how % 16 < 12);
        if (how % 4 != 0) {
            driver.shareMemory(peer);
        }
        if (how % 2 == 1) {
            driver.setUpRing(peer, how >> 4 & 3);
        }
    }

    private void step(RawFrontEnd peer, RawDriver driver, int file) {
        int kind = next();
        switch (kind % 16) {
            case 0 -> driver.kick();
            case 1 -> garbage(driver);
            case 2 -> driver.read();
            case 3 -> LibC.ftruncate(file, next() * 4096L);
            case 4 -> peer.sendBytes(new byte[] {(byte) next()});
            default -> message(peer, driver, file, kind);
        }
    }

    /** Bytes of the ring, which the server reads, and of nothing else. */
    private void garbage(RawDriver driver) {
        MemorySegment ring = driver.memory.ram();
        for (int i = next() % 16; i >= 0; i--) {
            ring.set(ValueLayout.JAVA_BYTE, (next() << 2 | next() & 3) % 512, (byte) next());
        }
        driver.kick();
    }

    private void message(RawFrontEnd peer, RawDriver driver, int file, int kind) {
        int pick = next();
        int id = pick >= 250 ? next() % ANY_ID : KNOWN[pick % KNOWN.length];
        byte[] payload = payload(id);
        int flags = RawFrontEnd.VERSION | (kind < 0xf0 ? RawFrontEnd.NEED_REPLY : 0) | (kind == 0x3f ? next() & 7 : 0);
        int size = kind == 0x2f ? (int) field() : payload.length;
        if (kind == 0x5f) {
            payload = Arrays.copyOf(payload, next() % (payload.length + 1));
        }
        peer.sendRaw(id, flags, size, payload, descriptors(driver, file, id));
    }

    private byte[] payload(int id) {
        return switch (id) {
            case RawFrontEnd.SET_FEATURES -> u64(field() | ProtocolFeatures.VHOST_USER_F_PROTOCOL_FEATURES);
            case RawFrontEnd.SET_PROTOCOL_FEATURES -> u64(field() & (BackEnd.PROTOCOL_FEATURES | field()));
            case RawFrontEnd.SET_MEM_TABLE -> table();
            case RawFrontEnd.SET_LOG_BASE -> u64(field(), field());
            case RawFrontEnd.SET_VRING_NUM,
                    RawFrontEnd.SET_VRING_BASE,
                    RawFrontEnd.GET_VRING_BASE,
                    RawFrontEnd.SET_VRING_ENABLE -> u32(next() % 5, field());
            case RawFrontEnd.SET_VRING_ADDR ->
                join(u32(next() % 5, next() % 3), u64(field(), field(), field(), field()));
            case RawFrontEnd.SET_VRING_KICK, RawFrontEnd.SET_VRING_CALL, 14 -> u64(next() % 5 | (next() & 7) / 7 << 8);
            case RawFrontEnd.GET_CONFIG, RawFrontEnd.SET_CONFIG ->
                join(u32(field(), field(), 0), new byte[next() % 80]);
            case RawFrontEnd.GET_INFLIGHT_FD, RawFrontEnd.SET_INFLIGHT_FD ->
                join(u64(field(), field()), u32(next() % 6 | (int) field() << 16, 0));
            case RawFrontEnd.ADD_MEM_REG, RawFrontEnd.REM_MEM_REG -> u64(0, field(), field(), field(), field());
            default -> new byte[next() % 4 == 0 ? next() : 0];
        };
    }

    private byte[] table() {
        int count = 1 + next() % 3;
        byte[] regions = u32(count, 0);
        for (int i = 0; i < count; i++) {
            regions = join(regions, u64(field(), field(), field(), field()));
        }
        return regions;
    }

    private int[] descriptors(RawDriver driver, int file, int id) {
        int wanted = switch (id) {
            case RawFrontEnd.SET_MEM_TABLE,
                    RawFrontEnd.SET_LOG_BASE,
                    RawFrontEnd.SET_VRING_KICK,
                    RawFrontEnd.SET_VRING_CALL,
                    14,
                    RawFrontEnd.SET_INFLIGHT_FD,
                    RawFrontEnd.ADD_MEM_REG -> 1;
            default -> 0;
        };
        int pick = next();
        int[] fds = new int[pick < 16 ? pick : wanted];
        boolean eventfd = id >= RawFrontEnd.SET_VRING_KICK && id <= 14;
        Arrays.fill(fds, (pick & 7) == 7 ? wrong(driver, file) : eventfd ? driver.kick : file);
        return fds;
    }

    /** A descriptor of another kind than the message should have. */
    private int wrong(RawDriver driver, int file) {
        int[] kinds = {driver.kick, file, driver.device, driver.folder, driver.readOnly, driver.memory.fileDescriptor()
        };
        return kinds[next() % kinds.length];
    }
}
