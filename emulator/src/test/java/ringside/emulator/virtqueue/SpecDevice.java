package ringside.emulator.virtqueue;

import java.util.ArrayList;
import java.util.List;

/**
 * The device of a packed ring as the specification tells it (VIRTIO-1.2 §2.8.6, §2.8.7, §2.8.15): the model against which
 * the driver side is tested. Every used descriptor is visible at once.
 */
final class SpecDevice {
    /** A buffer as it lay in the ring. */
    record Buffer(int id, List<SpecDriver.Element> elements, int descriptors, boolean indirect) {}

    private final RawPackedRing ring;
    private int nextAvail;
    private boolean availWrap = true;
    private int nextUsed;
    private boolean usedWrap = true;

    SpecDevice(RawPackedRing ring) {
        this.ring = ring;
    }

    /** The next available buffer, or null. */
    Buffer take() {
        if (!ring.isAvailable(nextAvail, availWrap)) {
            return null;
        }
        List<SpecDriver.Element> elements = new ArrayList<>();
        boolean indirect = (ring.flags(nextAvail) & RawPackedRing.INDIRECT) != 0;
        int id;
        boolean more;
        do {
            if (!ring.isAvailable(nextAvail, availWrap)) {
                throw new AssertionError("the list goes on in a descriptor that is not available");
            }
            int flags = ring.flags(nextAvail);
            more = (flags & RawPackedRing.NEXT) != 0;
            elements.add(new SpecDriver.Element(
                    ring.addr(nextAvail), ring.len(nextAvail), (flags & RawPackedRing.WRITE) != 0));
            id = ring.id(nextAvail);
            nextAvail++;
            if (nextAvail == ring.size) {
                nextAvail = 0;
                availWrap = !availWrap;
            }
        } while (more);
        return new Buffer(id, elements, elements.size(), indirect);
    }

    /** Uses a buffer and skips its other descriptors. */
    void use(Buffer buffer, long len) {
        use(buffer.id(), buffer.descriptors(), len);
    }

    /** Uses a batch of buffers in a row by the id of the last one (§2.8.8). */
    void use(int id, int descriptors, long len) {
        int flags = (usedWrap ? RawPackedRing.AVAIL | RawPackedRing.USED : 0) | (len > 0 ? RawPackedRing.WRITE : 0);
        ring.desc(nextUsed, ring.addr(nextUsed), len, id, flags);
        nextUsed += descriptors;
        if (nextUsed >= ring.size) {
            nextUsed -= ring.size;
            usedWrap = !usedWrap;
        }
    }
}
