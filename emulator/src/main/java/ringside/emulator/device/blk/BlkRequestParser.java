package ringside.emulator.device.blk;

import java.lang.foreign.MemorySegment;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.memory.Le;
import ringside.emulator.virtqueue.DescriptorChain;

/**
 * Finds header, data and status in a chain, whatever its arrangement (VIRTIO-1.2 §2.7.4.1): the header is the first 16
 * readable bytes, the status the last writable byte. Header bytes are read once. Does not allocate.
 */
final class BlkRequestParser {
    private final MemorySegment ram;
    private final long hostBase;

    BlkRequestParser(GuestMemory memory) {
        this.ram = memory.ram();
        this.hostBase = memory.hostAddress();
    }

    /**
     * Fills in the frame of a request from its chain, trimming header and status off the chain's segments.
     *
     * @return false when there is no complete header or no status byte
     */
    boolean parse(BlkRequest request) {
        DescriptorChain chain = request.chain;
        if (chain.readableBytes() < BlkConstants.HEADER_BYTES || chain.writableBytes() < 1) {
            return false;
        }
        takeStatus(request, chain);
        int firstOut = takeHeader(request, chain);
        request.dataOutBytes = chain.readableBytes() - BlkConstants.HEADER_BYTES;
        request.dataInBytes = chain.writableBytes() - 1;
        if (request.type == BlkConstants.VIRTIO_BLK_T_IN) {
            request.dataFirst = chain.readableSegments();
            int last = chain.segments() - 1;
            request.dataCount = last - request.dataFirst + (chain.lengths()[last] > 0 ? 1 : 0);
        } else {
            request.dataFirst = firstOut;
            request.dataCount = chain.readableSegments() - firstOut;
        }
        return true;
    }

    private void takeStatus(BlkRequest request, DescriptorChain chain) {
        int last = chain.segments() - 1;
        int length = --chain.lengths()[last];
        request.statusOffset = chain.addresses()[last] + length - hostBase;
    }

    /** Returns the index of the first readable segment that still holds data. */
    private int takeHeader(BlkRequest request, DescriptorChain chain) {
        long[] address = chain.addresses();
        int[] bytes = chain.lengths();
        if (bytes[0] >= BlkConstants.HEADER_BYTES) {
            long header = address[0] - hostBase;
            request.type = Le.get32Unaligned(ram, header);
            request.sector = Le.get64Unaligned(ram, header + 8);
            return trim(address, bytes, 0, BlkConstants.HEADER_BYTES);
        }
        return gatherHeader(request, address, bytes);
    }

    private int gatherHeader(BlkRequest request, long[] address, int[] bytes) {
        long low = 0;
        long high = 0;
        int segment = 0;
        for (int i = 0; i < BlkConstants.HEADER_BYTES; i++) {
            long value = Le.get8(ram, address[segment] - hostBase);
            if (i < 8) {
                low |= value << (8 * i);
            } else {
                high |= value << (8 * (i - 8));
            }
            segment = trim(address, bytes, segment, 1);
        }
        request.type = (int) low;
        request.sector = high;
        return segment;
    }

    private static int trim(long[] address, int[] bytes, int segment, int count) {
        address[segment] += count;
        bytes[segment] -= count;
        return bytes[segment] == 0 ? segment + 1 : segment;
    }

    /** Copies readable data bytes into a heap array, across segments. For the few bytes of a range list. */
    void gather(BlkRequest request, byte[] target, int count) {
        long[] address = request.chain.addresses();
        int[] bytes = request.chain.lengths();
        int segment = request.dataFirst;
        int at = 0;
        for (int i = 0; i < count; i++) {
            while (at == bytes[segment]) {
                segment++;
                at = 0;
            }
            target[i] = (byte) Le.get8(ram, address[segment] - hostBase + at++);
        }
    }

    /** Copies a heap array into the writable data, across segments; stops where the buffers end. Returns the count. */
    int scatter(BlkRequest request, byte[] source) {
        return scatter(request, source, source.length, 0);
    }

    /** Likewise for the first bytes of the array, from a byte of the writable data on. */
    int scatter(BlkRequest request, byte[] source, int count, long from) {
        long[] address = request.chain.addresses();
        int[] bytes = request.chain.lengths();
        long skip = from;
        int written = 0;
        for (int s = request.chain.readableSegments(); s < request.chain.segments() && written < count; s++) {
            for (long at = skip; at < bytes[s] && written < count; at++) {
                Le.put8(ram, address[s] - hostBase + at, source[written++]);
            }
            skip = Math.max(0, skip - bytes[s]);
        }
        return written;
    }

    /** Writes the status byte, which from now on counts as part of its segment again. */
    void putStatus(BlkRequest request, int status) {
        request.chain.lengths()[request.chain.segments() - 1]++;
        Le.put8(ram, request.statusOffset, status);
    }
}
