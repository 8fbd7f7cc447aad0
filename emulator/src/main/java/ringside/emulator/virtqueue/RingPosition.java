package ringside.emulator.virtqueue;

/**
 * Where a side stands in a packed ring: offset and wrap counter (VIRTIO-1.2 §2.8.1) as one number from 0 to twice the size.
 * The first lap, whose wrap counter is 1, has the positions below the size, the second one those above, and then the first
 * begins again. Sizes need not be powers of two.
 */
final class RingPosition {
    private static final int OFFSET_MASK = 0x7fff;
    private static final int WRAP = 1 << 15;

    private RingPosition() {}

    /** Offset in the ring. */
    static int offset(int position, int size) {
        return position < size ? position : position - size;
    }

    /** The wrap counter. */
    static boolean wrap(int position, int size) {
        return position < size;
    }

    /** @param count at most twice the size */
    static int advance(int position, int count, int size) {
        int next = position + count;
        return next < 2 * size ? next : next - 2 * size;
    }

    /** Descriptors from one position on to the other. */
    static int distance(int from, int to, int size) {
        return to >= from ? to - from : to - from + 2 * size;
    }

    /** Whether the descriptor at a position is among the last so many before another one. */
    static boolean passed(int position, int newPosition, int count, int size) {
        int behind = newPosition - position - 1;
        return (behind < 0 ? behind + 2 * size : behind) < count;
    }

    /** As the ring's structures and vhost-user have it: the offset in 15 bits, the wrap counter in bit 15. */
    static int encode(int position, int size) {
        return position < size ? position | WRAP : position - size;
    }

    /** The position of the lower 16 bits, or -1 where no such descriptor exists. */
    static int decode(int encoded, int size) {
        int offset = encoded & OFFSET_MASK;
        if (offset >= size) {
            return -1;
        }
        return (encoded & WRAP) != 0 ? offset : offset + size;
    }
}
