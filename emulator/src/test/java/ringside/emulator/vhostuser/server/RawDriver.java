package ringside.emulator.vhostuser.server;

import static ringside.emulator.vhostuser.server.RawFrontEnd.join;
import static ringside.emulator.vhostuser.server.RawFrontEnd.u32;
import static ringside.emulator.vhostuser.server.RawFrontEnd.u64;

import java.util.List;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.ffi.LibC;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.memory.GuestRegionSpec;
import ringside.emulator.virtqueue.RawSplitRing;

/** Guest memory with one ring in it, shared message by message, and requests written by hand. */
final class RawDriver implements AutoCloseable {
    static final long GPA = 0x1_0000_0000L;

    /** Where the same memory lies for the front-end: another number, so that mixing the two fails. */
    static final long USER = 0x7f55_0000_0000L;

    static final int MEMORY_BYTES = 1 << 20;
    static final int SIZE = 16;
    static final int BLOCK_BYTES = 4096;

    private static final long HEADER = GPA + 0x2000;
    private static final long STATUS = GPA + 0x3000;
    private static final long DATA = GPA + 0x8000;

    final GuestMemory memory = GuestMemory.allocate(List.of(new GuestRegionSpec(GPA, MEMORY_BYTES)), false);
    final RawSplitRing ring = new RawSplitRing(memory, SIZE, GPA);
    final int kick = LibC.eventfd();
    final int call = LibC.eventfd();

    /** Descriptors that no message should have: a device, a folder, a file that cannot be written. */
    final int device = LibC.open("/dev/zero", LibC.O_RDWR | LibC.O_CLOEXEC, 0);

    final int folder = LibC.open("/proc/self", LibC.O_RDONLY | LibC.O_CLOEXEC, 0);
    final int readOnly = LibC.open("/proc/self/stat", LibC.O_RDONLY | LibC.O_CLOEXEC, 0);

    void shareMemory(RawFrontEnd peer) {
        peer.say(
                RawFrontEnd.SET_MEM_TABLE,
                join(u32(1, 0), u64(GPA, MEMORY_BYTES, USER, memory.fileOffset(0))),
                memory.fileDescriptor());
    }

    void setUpRing(RawFrontEnd peer, int queue) {
        peer.say(RawFrontEnd.SET_VRING_NUM, u32(queue, SIZE));
        peer.say(RawFrontEnd.SET_VRING_BASE, u32(queue, 0));
        peer.say(RawFrontEnd.SET_VRING_ADDR, addresses(queue, 0));
        peer.say(RawFrontEnd.SET_VRING_CALL, u64(queue), call);
        peer.say(RawFrontEnd.SET_VRING_KICK, u64(queue), kick);
        peer.say(RawFrontEnd.SET_VRING_ENABLE, u32(queue, 1));
    }

    /** The payload of SET_VRING_ADDR, shifted by so many bytes. */
    byte[] addresses(int queue, long shift) {
        return join(
                u32(queue, 0),
                u64(user(ring.descGpa) + shift, user(ring.usedGpa) + shift, user(ring.availGpa) + shift, 0));
    }

    private static long user(long gpa) {
        return gpa - GPA + USER;
    }

    /** Offers a read of the disk's second block and kicks. */
    void read() {
        ring.put(DATA, new byte[BLOCK_BYTES]);
        readIntoHole();
    }

    /** The same, without touching the buffer on this side. */
    void readIntoHole() {
        ring.put(HEADER, u32(BlkConstants.VIRTIO_BLK_T_IN, 0, 8, 0));
        ring.put(STATUS, (byte) 0xff);
        ring.desc(0, HEADER, 16, RawSplitRing.NEXT, 1);
        ring.desc(1, DATA, BLOCK_BYTES, RawSplitRing.NEXT | RawSplitRing.WRITE, 2);
        ring.desc(2, STATUS, 1, RawSplitRing.WRITE, 0);
        ring.offer(0);
        kick();
    }

    void kick() {
        LibC.eventfdSignal(kick);
    }

    int status() {
        return ring.bytes(STATUS, 1)[0];
    }

    byte firstByteRead() {
        return ring.bytes(DATA, 1)[0];
    }

    /** Cuts the file behind the memory. Whoever touches what is beyond gets SIGBUS, this process included. */
    void cutMemory(long toBytes) {
        int result = LibC.ftruncate(memory.fileDescriptor(), toBytes);
        if (result != 0) {
            throw new AssertionError("ftruncate: " + result);
        }
    }

    @Override
    public void close() {
        memory.close();
        for (int fd : new int[] {kick, call, device, folder, readOnly}) {
            LibC.close(fd);
        }
    }
}
