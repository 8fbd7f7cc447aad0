package ringside.emulator.virtqueue;

import java.util.Arrays;
import ringside.emulator.memory.DirtyLog;
import ringside.emulator.memory.GuestMemory;

/**
 * The checked copy of one descriptor chain: device-readable segments first, then device-writable ones, each with its
 * host address. A reused cursor; it grows to the longest chain seen and never shrinks, so that steady state does not
 * allocate. The arrays are public to the device that owns the slot because they go to the block layer as they are.
 */
public final class DescriptorChain {
    private static final int INITIAL_SEGMENTS = 4;

    /** Longest chain that a driver may build (VIRTIO-1.2 §2.7.5.2). */
    private static final long MAX_BYTES = 1L << 32;

    private long[] address = new long[INITIAL_SEGMENTS];
    private int[] bytes = new int[INITIAL_SEGMENTS];
    private int readableCount;
    private int count;
    private long readableBytes;
    private long writableBytes;

    /** Host addresses, entries 0 .. segments() - 1. */
    public long[] addresses() {
        return address;
    }

    /** Lengths in bytes, entries 0 .. segments() - 1. */
    public int[] lengths() {
        return bytes;
    }

    /** Number of device-readable segments; they come first. */
    public int readableSegments() {
        return readableCount;
    }

    /** Number of all segments. */
    public int segments() {
        return count;
    }

    /** Sum of the device-readable lengths. */
    public long readableBytes() {
        return readableBytes;
    }

    /** Sum of the device-writable lengths. */
    public long writableBytes() {
        return writableBytes;
    }

    /** Logs the device-writable segments. */
    void logWritten(DirtyLog log, GuestMemory memory) {
        for (int i = readableCount; i < count; i++) {
            log.mark(memory.gpaOf(address[i] - memory.hostAddress()), bytes[i]);
        }
    }

    void clear() {
        readableCount = 0;
        count = 0;
        readableBytes = 0;
        writableBytes = 0;
    }

    /** Adds a segment. Returns the fault, or null. */
    ChainFault append(long hostAddress, int lengthBytes, boolean writable) {
        if (!writable && count > readableCount) {
            return ChainFault.READABLE_AFTER_WRITABLE;
        }
        if (readableBytes + writableBytes + lengthBytes > MAX_BYTES) {
            return ChainFault.CHAIN_TOO_MANY_BYTES;
        }
        if (count == address.length) {
            address = Arrays.copyOf(address, 2 * count);
            bytes = Arrays.copyOf(bytes, 2 * count);
        }
        address[count] = hostAddress;
        bytes[count] = lengthBytes;
        count++;
        if (writable) {
            writableBytes += lengthBytes;
        } else {
            readableCount = count;
            readableBytes += lengthBytes;
        }
        return null;
    }
}
