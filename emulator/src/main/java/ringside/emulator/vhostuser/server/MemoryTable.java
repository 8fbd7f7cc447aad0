package ringside.emulator.vhostuser.server;

import java.util.ArrayList;
import java.util.List;
import ringside.emulator.ffi.LibC;
import ringside.emulator.localsocket.PeerException;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.memory.GuestRegionSpec;
import ringside.emulator.vhostuser.VhostUserMessage;

/**
 * The front-end's memory: which guest physical range lies at which <em>user</em> address of the front-end. Descriptors
 * hold guest physical addresses, ring addresses are user addresses; this class is the only bridge between the two.
 * Control thread only, while the rings rest.
 */
final class MemoryTable {
    /** As many regions as we are ready to look through for each address. */
    static final int MAX_SLOTS = 64;

    /** Guest address, size, user address, offset in the file: 8 bytes each. */
    private static final int REGION_BYTES = 32;

    private static final int MAX_CLASSIC_REGIONS = 8;
    private static final int CLASSIC_HEADER_BYTES = 8;
    private static final int ADD_HEADER_BYTES = 8;

    private final GuestMemory memory;
    private final List<Region> regions = new ArrayList<>();

    private record Region(GuestRegionSpec guest, long userAddress) {}

    MemoryTable(GuestMemory memory) {
        this.memory = memory;
    }

    /** SET_MEM_TABLE: replaces all regions. On an error there are none afterwards. */
    void replace(VhostUserMessage message) {
        long count = message.payloadBytes() < CLASSIC_HEADER_BYTES ? 0 : Integer.toUnsignedLong(message.u32(0));
        if (count < 1 || count > MAX_CLASSIC_REGIONS) {
            throw new PeerException("a memory table has 1 to " + MAX_CLASSIC_REGIONS + " regions, not " + count);
        }
        if (message.payloadBytes() != CLASSIC_HEADER_BYTES + count * REGION_BYTES || message.fdCount() != count) {
            throw new PeerException("a memory table of " + count + " regions came with " + message.payloadBytes()
                    + " bytes and " + message.fdCount() + " descriptors");
        }
        clear();
        try {
            for (int i = 0; i < count; i++) {
                map(message, CLASSIC_HEADER_BYTES + i * REGION_BYTES, i);
            }
        } catch (RuntimeException e) {
            clear();
            throw e;
        }
    }

    /** ADD_MEM_REG. */
    void add(VhostUserMessage message) {
        if (message.fdCount() != 1) {
            throw new PeerException("a memory region needs one descriptor, not " + message.fdCount());
        }
        if (regions.size() == MAX_SLOTS) {
            throw new PeerException("all " + MAX_SLOTS + " memory slots are in use");
        }
        map(message, ADD_HEADER_BYTES, 0);
    }

    /** REM_MEM_REG. Some front-ends send a descriptor along, which is of no use. */
    void remove(VhostUserMessage message) {
        long gpa = message.u64(ADD_HEADER_BYTES);
        long bytes = message.u64(ADD_HEADER_BYTES + 8);
        long user = message.u64(ADD_HEADER_BYTES + 16);
        for (int i = 0; i < regions.size(); i++) {
            Region region = regions.get(i);
            boolean same = region.guest().gpa() == gpa
                    && region.guest().lengthBytes() == bytes
                    && region.userAddress() == user;
            if (same) {
                regions.remove(i);
                memory.unmap(i);
                return;
            }
        }
        throw new PeerException("there is no memory region 0x%x + 0x%x to be removed".formatted(gpa, bytes));
    }

    private void map(VhostUserMessage message, int at, int fdIndex) {
        long gpa = message.u64(at);
        long bytes = message.u64(at + 8);
        long user = message.u64(at + 16);
        long fileOffset = message.u64(at + 24);
        boolean wraps = bytes > 0 && (Long.compareUnsigned(user + bytes, user) < 0 || fileOffset + bytes < 0);
        if (fileOffset < 0 || wraps) {
            throw new PeerException("memory region 0x%x + 0x%x wraps its address space".formatted(gpa, bytes));
        }
        int fd = message.takeFd(fdIndex);
        try {
            GuestRegionSpec region = new GuestRegionSpec(gpa, bytes);
            memory.map(region, fd, fileOffset);
            regions.add(new Region(region, user));
        } finally {
            LibC.close(fd);
        }
    }

    /**
     * The guest physical address of a user address.
     *
     * @throws PeerException when no region contains it
     */
    long gpaOfUser(long user) {
        for (Region region : regions) {
            long offset = user - region.userAddress();
            if (offset >= 0 && offset < region.guest().lengthBytes()) {
                return region.guest().gpa() + offset;
            }
        }
        throw new PeerException("ring address 0x%x is in no memory region".formatted(user));
    }

    boolean isEmpty() {
        return regions.isEmpty();
    }

    void clear() {
        for (int i = memory.regionCount() - 1; i >= 0; i--) {
            memory.unmap(i);
        }
        regions.clear();
    }
}
