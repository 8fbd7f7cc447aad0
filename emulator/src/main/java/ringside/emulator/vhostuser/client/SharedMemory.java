package ringside.emulator.vhostuser.client;

import ringside.emulator.localsocket.PeerException;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.memory.GuestRegionSpec;
import ringside.emulator.vhostuser.ProtocolFeatures;
import ringside.emulator.vhostuser.VhostUserMessage;
import ringside.emulator.vhostuser.VhostUserRequest;

/**
 * Guest memory as the server sees it. Descriptors hold guest physical addresses, but the rings themselves are named by
 * <em>user</em> addresses. Ours lie far from the guest physical ones on purpose: a server that takes one for the other
 * finds nothing there.
 */
final class SharedMemory {
    /** What a user address is above the guest physical address of the same byte. */
    static final long USER_OFFSET = 0x2000_0000_0000L;

    private static final int TABLE_HEADER_BYTES = 8;
    private static final int SLOT_HEADER_BYTES = 8;
    private static final int REGION_BYTES = 32;

    private final GuestMemory memory;

    SharedMemory(GuestMemory memory) {
        this.memory = memory;
    }

    static long userAddress(long gpa) {
        return gpa + USER_OFFSET;
    }

    /** Hands all regions to a server that has none yet. */
    void share(FrontEndChannel channel, Handshake handshake) {
        if (handshake.has(ProtocolFeatures.CONFIGURE_MEM_SLOTS)) {
            if (memory.regionCount() > handshake.memorySlots()) {
                throw new PeerException("the server takes " + handshake.memorySlots()
                        + " regions of memory, the guest has " + memory.regionCount() + "; use less memory");
            }
            addRegions(channel);
        } else {
            setTable(channel);
        }
    }

    private void addRegions(FrontEndChannel channel) {
        for (int i = 0; i < memory.regionCount(); i++) {
            VhostUserMessage message = channel.begin(VhostUserRequest.ADD_MEM_REG, SLOT_HEADER_BYTES + REGION_BYTES);
            put(message, SLOT_HEADER_BYTES, i);
            channel.tell();
        }
    }

    private void setTable(FrontEndChannel channel) {
        int regions = memory.regionCount();
        if (regions > VhostUserMessage.MAX_FDS) {
            throw new PeerException("the server takes " + VhostUserMessage.MAX_FDS
                    + " regions of memory, the guest has " + regions + "; use less memory");
        }
        VhostUserMessage message =
                channel.begin(VhostUserRequest.SET_MEM_TABLE, TABLE_HEADER_BYTES + regions * REGION_BYTES);
        message.u32(0, regions);
        for (int i = 0; i < regions; i++) {
            put(message, TABLE_HEADER_BYTES + i * REGION_BYTES, i);
        }
        channel.tell();
    }

    private void put(VhostUserMessage message, int at, int index) {
        GuestRegionSpec region = memory.region(index);
        message.u64(at, region.gpa())
                .u64(at + 8, region.lengthBytes())
                .u64(at + 16, userAddress(region.gpa()))
                .u64(at + 24, memory.fileOffset(index))
                .attachFd(memory.fileDescriptor());
    }
}
