package ringside.emulator.virtqueue;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/**
 * The driver of a packed ring as the specification tells it (VIRTIO-1.2 §2.8.21, §2.8.22), one step after the other and
 * without a thought for speed: the model against which the device side is tested.
 */
final class SpecDriver {
    /** One element of a buffer. */
    record Element(long addr, long len, boolean write) {}

    /** What a used descriptor says. */
    record Used(int id, long len) {}

    private final RawPackedRing ring;
    private final Map<Integer, Integer> descriptorsOf = new HashMap<>();
    private int nextAvail;
    private boolean availWrap = true;
    private int nextUsed;
    private boolean usedWrap = true;
    private int room;

    SpecDriver(RawPackedRing ring) {
        this.ring = ring;
        this.room = ring.size;
    }

    int room() {
        return room;
    }

    boolean isFree(int id) {
        return !descriptorsOf.containsKey(id);
    }

    /** Makes a buffer available: the first descriptor after all others. */
    void offer(int id, Element... elements) {
        int first = nextAvail;
        int firstFlags = 0;
        for (int i = 0; i < elements.length; i++) {
            boolean last = i == elements.length - 1;
            int flags = RawPackedRing.available(availWrap)
                    | (elements[i].write() ? RawPackedRing.WRITE : 0)
                    | (last ? 0 : RawPackedRing.NEXT);
            if (i == 0) {
                firstFlags = flags;
            } else {
                // Only the last descriptor has to name the buffer.
                ring.desc(nextAvail, elements[i].addr(), elements[i].len(), last ? id : 0xffff, flags);
            }
            nextAvail++;
            if (nextAvail == ring.size) {
                nextAvail = 0;
                availWrap = !availWrap;
            }
        }
        ring.desc(first, elements[0].addr(), elements[0].len(), elements.length == 1 ? id : 0xffff, firstFlags);
        descriptorsOf.put(id, elements.length);
        room -= elements.length;
    }

    /** Makes a buffer available by an indirect table that was written already. */
    void offerTable(int id, long tableGpa, long tableBytes) {
        ring.desc(nextAvail, tableGpa, tableBytes, id, RawPackedRing.INDIRECT | RawPackedRing.available(availWrap));
        nextAvail++;
        if (nextAvail == ring.size) {
            nextAvail = 0;
            availWrap = !availWrap;
        }
        descriptorsOf.put(id, 1);
        room--;
    }

    /** The next used descriptor; empty when there is none. */
    Optional<Used> poll() {
        Optional<Used> used = look();
        used.ifPresent(seen -> skip(seen.id()));
        return used;
    }

    /** The same with VIRTIO_F_IN_ORDER: the buffers before the one named are used, too. */
    Optional<Used> pollInOrder(Iterator<Integer> offered) {
        Optional<Used> used = look();
        used.ifPresent(seen -> {
            int id;
            do {
                id = offered.next();
                skip(id);
            } while (id != seen.id());
        });
        return used;
    }

    private Optional<Used> look() {
        if (!ring.isUsed(nextUsed, usedWrap)) {
            return Optional.empty();
        }
        boolean written = (ring.flags(nextUsed) & RawPackedRing.WRITE) != 0;
        return Optional.of(new Used(ring.id(nextUsed), written ? ring.len(nextUsed) : 0));
    }

    private void skip(int id) {
        Integer descriptors = descriptorsOf.remove(id);
        if (descriptors == null) {
            throw new AssertionError("buffer id " + id + " came back, which is not with the device");
        }
        room += descriptors;
        nextUsed += descriptors;
        if (nextUsed >= ring.size) {
            nextUsed -= ring.size;
            usedWrap = !usedWrap;
        }
    }
}
