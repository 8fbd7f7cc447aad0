package ringside.emulator.machine;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * A zoned disk as a table of the specification reads (VIRTIO-1.4 §5.2.6): no concurrency, no storage, every rule written
 * out. States and statuses are the numbers of the protocol.
 */
final class ZoneDiskModel {
    static final int OK = 0;
    static final int IOERR = 1;
    static final int INVALID = 3;
    static final int UNALIGNED = 4;
    static final int OPEN_RESOURCE = 5;
    static final int ACTIVE_RESOURCE = 6;

    static final int NOT_WP = 0;
    static final int EMPTY = 1;
    static final int IOPEN = 2;
    static final int EOPEN = 3;
    static final int CLOSED = 4;
    static final int FULL = 14;

    final int zones;
    final int zone;
    final int capacity;
    final int conventional;
    final boolean managed;
    final int maxOpen;
    final int maxActive;
    final int maxAppend;
    final int[] state;
    /** Written bytes of each zone. */
    final int[] written;

    final byte[] content;
    int appendedAt;
    /** Zone that gave way to another one; the rules leave the choice to the device. */
    private final IntPredicate openOnDevice;

    /** @param openOnDevice whether the device says that a zone is still implicitly open */
    ZoneDiskModel(
            int zones,
            int zone,
            int capacity,
            int conventional,
            boolean managed,
            int[] limits,
            IntPredicate openOnDevice) {
        this.zones = zones;
        this.zone = zone;
        this.capacity = capacity;
        this.conventional = conventional;
        this.managed = managed;
        this.maxOpen = limits[0];
        this.maxActive = limits[1];
        this.maxAppend = limits[2];
        this.openOnDevice = openOnDevice;
        this.state = new int[zones];
        this.written = new int[zones];
        this.content = new byte[zones * zone];
        Arrays.fill(state, conventional, zones, EMPTY);
    }

    int read(int offset, int length) {
        for (int z = offset / zone; z <= (offset + length - 1) / zone; z++) {
            if (ordered(z) && (offset / zone != (offset + length - 1) / zone)) {
                return INVALID;
            }
        }
        return OK;
    }

    int write(int offset, byte[] data) {
        int first = offset / zone;
        int last = (offset + data.length - 1) / zone;
        for (int z = first; z <= last; z++) {
            if (ordered(z) && first != last) {
                return INVALID;
            }
        }
        if (ordered(first)) {
            int at = offset - first * zone;
            if (state[first] == FULL || at + data.length > capacity) {
                return INVALID;
            }
            if (at != written[first]) {
                return UNALIGNED;
            }
            int room = room(first);
            if (room != OK) {
                return room;
            }
        }
        System.arraycopy(data, 0, content, offset, data.length);
        for (int z = first; z <= last; z++) {
            moved(z, Math.min(offset + data.length - z * zone, zone));
        }
        return OK;
    }

    private void moved(int z, int upTo) {
        if (z < conventional || state[z] == FULL) {
            return;
        }
        written[z] = Math.max(written[z], upTo);
        if (written[z] == (managed ? capacity : zone)) {
            state[z] = FULL;
        } else if (state[z] != EOPEN) {
            state[z] = IOPEN;
        }
    }

    private boolean ordered(int z) {
        return managed && z >= conventional;
    }

    int append(int sector, byte[] data) {
        int offset = sector * 512;
        if (data.length == 0 || data.length > maxAppend || offset % zone != 0 || !ordered(offset / zone)) {
            return INVALID;
        }
        int at = offset + written[offset / zone];
        int status = at + data.length > offset + zone || state[offset / zone] == FULL ? INVALID : write(at, data);
        appendedAt = at;
        return status;
    }

    int command(int type, int sector) {
        int offset = sector * 512;
        int z = offset / zone;
        if (type == 26) {
            for (int i = conventional; i < zones; i++) {
                reset(i);
            }
            return OK;
        }
        if (offset % zone != 0 || z < conventional) {
            return INVALID;
        }
        return switch (type) {
            case 18 -> open(z);
            case 20 -> close(z);
            case 22 -> finish(z);
            default -> {
                reset(z);
                yield OK;
            }
        };
    }

    private int open(int z) {
        if (state[z] == FULL) {
            return INVALID;
        }
        int room = room(z);
        state[z] = room == OK ? EOPEN : state[z];
        return room;
    }

    private int close(int z) {
        if (state[z] == EMPTY || state[z] == FULL) {
            return INVALID;
        }
        state[z] = written[z] == 0 ? EMPTY : CLOSED;
        return OK;
    }

    private int finish(int z) {
        if (state[z] == FULL) {
            return OK;
        }
        int room = room(z);
        state[z] = room == OK ? FULL : state[z];
        return room;
    }

    private void reset(int z) {
        Arrays.fill(content, z * zone, z * zone + written[z], (byte) 0);
        written[z] = 0;
        state[z] = EMPTY;
    }

    private int room(int z) {
        if (state[z] == IOPEN || state[z] == EOPEN) {
            return OK;
        }
        if (maxActive > 0 && state[z] == EMPTY && count(IOPEN) + count(EOPEN) + count(CLOSED) >= maxActive) {
            return ACTIVE_RESOURCE;
        }
        if (maxOpen == 0 || count(IOPEN) + count(EOPEN) < maxOpen) {
            return OK;
        }
        return count(IOPEN) == 0 ? OPEN_RESOURCE : giveWay();
    }

    private int giveWay() {
        for (int z = 0; z < zones; z++) {
            if (state[z] == IOPEN && !openOnDevice.test(z)) {
                state[z] = CLOSED;
                return OK;
            }
        }
        throw new AssertionError("the device closed no implicitly open zone");
    }

    private int count(int wanted) {
        return (int) Arrays.stream(state).filter(s -> s == wanted).count();
    }

    /** After the end of the server: open zones are closed, those without data empty. */
    void powerCycle() {
        for (int z = conventional; z < zones; z++) {
            if (state[z] == IOPEN || state[z] == EOPEN || state[z] == CLOSED) {
                state[z] = written[z] == 0 ? EMPTY : CLOSED;
            }
        }
    }
}
