package ringside.emulator.block;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Write pointers and states of all zones, and the rules by which they change (VIRTIO-1.4 §5.2.6; where it is silent, as
 * null_blk of Linux does). Any thread: changes are made under a short lock, because queues on several loops write to one
 * disk.
 *
 * <p>A write advances the write pointer when it is let through, not when its data has arrived: so several may be on their
 * way. The record of a zone, which outlives this process, learns of a write when it has completed: one that a server was
 * killed with can then be repeated by the next. It has 16 bytes: how much was written (le64, in bytes), and the state.
 */
final class ZoneTable implements ZonedStorage {
    static final int RECORD_BYTES = 16;

    private static final int CONDITION = 8;
    private static final VarHandle WRITTEN = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle STATE = MethodHandles.arrayElementVarHandle(byte[].class);

    private final ZoneSpec spec;
    private final long diskBytes;
    private final int granularityBytes;
    private final int zones;
    private final int shift;
    private final MemorySegment records;
    private final long[] writtenBytes;
    private final byte[] states;
    private final ReentrantLock lock = new ReentrantLock();
    private int open;
    private int active;

    /** Where the search for an implicitly open zone to close goes on. */
    private int closeNext;

    /**
     * Takes over records. Zones that were open are closed, as after a power cycle.
     *
     * @param records {@link #count} records; zeroes for zones that were never used
     * @param granularityBytes what writes must be multiples of
     * @throws IllegalArgumentException when a record says what cannot be
     */
    ZoneTable(ZoneSpec spec, long diskBytes, int granularityBytes, MemorySegment records) {
        this.spec = spec;
        this.diskBytes = diskBytes;
        this.granularityBytes = granularityBytes;
        this.zones = count(spec, diskBytes);
        this.shift = Long.numberOfTrailingZeros(spec.zoneBytes());
        this.records = records;
        this.writtenBytes = new long[zones];
        this.states = new byte[zones];
        for (int zone = 0; zone < zones; zone++) {
            adopt(zone);
        }
    }

    static int count(ZoneSpec spec, long diskBytes) {
        return Math.toIntExact((diskBytes + spec.zoneBytes() - 1) / spec.zoneBytes());
    }

    private void adopt(int zone) {
        int state = records.get(ValueLayout.JAVA_BYTE, (long) zone * RECORD_BYTES + CONDITION);
        long bytes = recorded(zone);
        boolean possible = state >= 0
                && state <= ZoneCondition.OFFLINE.ordinal()
                && bytes >= 0
                && bytes <= capacityBytes(zone)
                && bytes % granularityBytes == 0;
        if (!possible) {
            throw new IllegalArgumentException(
                    "zone " + zone + " has state " + state + " and " + bytes + " bytes written, which cannot be");
        }
        ZoneCondition found = ZoneCondition.of(state);
        boolean broken = found == ZoneCondition.OFFLINE || found == ZoneCondition.READ_ONLY;
        if (!sequential(zone)) {
            put(zone, found == ZoneCondition.OFFLINE ? found : ZoneCondition.NOT_WP, 0);
        } else if (broken || found == ZoneCondition.FULL) {
            put(zone, found, bytes);
        } else {
            boolean used = found.active() && bytes > 0;
            put(zone, used ? ZoneCondition.CLOSED : ZoneCondition.EMPTY, used ? bytes : 0);
            active += used ? 1 : 0;
        }
        record(zone, condition(zone), written(zone));
    }

    @Override
    public ZoneSpec spec() {
        return spec;
    }

    @Override
    public int zones() {
        return zones;
    }

    @Override
    public int writeGranularityBytes() {
        return granularityBytes;
    }

    @Override
    public boolean sequential(int zone) {
        return zone >= spec.conventional();
    }

    @Override
    public long startBytes(int zone) {
        return (long) zone << shift;
    }

    @Override
    public long capacityBytes(int zone) {
        long size = Math.min(spec.zoneBytes(), diskBytes - startBytes(zone));
        return sequential(zone) ? Math.min(size - size % granularityBytes, spec.writableBytes()) : size;
    }

    @Override
    public ZoneCondition condition(int zone) {
        return ZoneCondition.of((byte) STATE.getAcquire(states, zone));
    }

    @Override
    public long writePointerBytes(int zone) {
        long behind = condition(zone) == ZoneCondition.FULL ? capacityBytes(zone) : written(zone);
        return startBytes(zone) + behind;
    }

    int zoneOf(long offsetBytes) {
        return (int) (offsetBytes >>> shift);
    }

    /** Bytes that were written to a zone since its last reset, or are on their way. */
    long written(int zone) {
        return (long) WRITTEN.getAcquire(writtenBytes, zone);
    }

    private void put(int zone, ZoneCondition condition, long bytes) {
        WRITTEN.setRelease(writtenBytes, zone, bytes);
        STATE.setRelease(states, zone, (byte) condition.ordinal());
    }

    private long recorded(int zone) {
        return records.get(ValueLayout.JAVA_LONG, (long) zone * RECORD_BYTES);
    }

    private ZoneCondition recordedCondition(int zone) {
        return ZoneCondition.of(records.get(ValueLayout.JAVA_BYTE, (long) zone * RECORD_BYTES + CONDITION));
    }

    private void record(int zone, ZoneCondition condition, long bytes) {
        records.set(ValueLayout.JAVA_LONG, (long) zone * RECORD_BYTES, bytes);
        records.set(ValueLayout.JAVA_BYTE, (long) zone * RECORD_BYTES + CONDITION, (byte) condition.ordinal());
    }

    private boolean managed(int zone) {
        return spec.model() == ZoneModel.HOST_MANAGED && sequential(zone);
    }

    /** Judges a read. Returns 0 or a {@link ZoneError}. */
    int checkRead(long offset, long length) {
        int first = zoneOf(offset);
        int last = zoneOf(offset + length - 1);
        for (int zone = first; zone <= last; zone++) {
            boolean crosses = first != last && managed(zone);
            if (crosses || condition(zone) == ZoneCondition.OFFLINE) {
                return ZoneError.INVALID_COMMAND;
            }
        }
        return 0;
    }

    /** How many bytes of a range, from its begin on, hold data; behind them a zone that is written in order is blank. */
    long readable(long offset, long length) {
        int zone = zoneOf(offset);
        return managed(zone) ? Math.clamp(written(zone) - (offset - startBytes(zone)), 0, length) : length;
    }

    /** Judges a write and, when it may pass, advances the write pointer. Returns 0 or a {@link ZoneError}. */
    int beginWrite(long offset, long length) {
        lock.lock();
        try {
            int error = checkWrite(offset, length);
            if (error == 0) {
                advance(offset, length);
            }
            return error;
        } finally {
            lock.unlock();
        }
    }

    /** The place of an append: the write pointer, which advances. Returns the offset, or minus a {@link ZoneError}. */
    long beginAppend(long zoneStart, long length) {
        lock.lock();
        try {
            int zone = zoneOf(zoneStart);
            if (zoneStart != startBytes(zone) || !managed(zone)) {
                return -ZoneError.INVALID_COMMAND;
            }
            boolean noRoom = condition(zone) == ZoneCondition.FULL || length > capacityBytes(zone) - written(zone);
            if (noRoom) {
                return -ZoneError.INVALID_COMMAND; // the offset would lie in the next zone
            }
            long offset = zoneStart + written(zone);
            int error = checkWrite(offset, length);
            if (error == 0) {
                advance(offset, length);
            }
            return error == 0 ? offset : -error;
        } finally {
            lock.unlock();
        }
    }

    private int checkWrite(long offset, long length) {
        int first = zoneOf(offset);
        int last = zoneOf(offset + length - 1);
        for (int zone = first; zone <= last; zone++) {
            ZoneCondition condition = condition(zone);
            boolean crosses = first != last && managed(zone);
            if (crosses || condition == ZoneCondition.OFFLINE || condition == ZoneCondition.READ_ONLY) {
                return ZoneError.INVALID_COMMAND;
            }
        }
        return managed(first) ? checkInOrder(first, offset, length) : 0;
    }

    private int checkInOrder(int zone, long offset, long length) {
        long inZone = offset - startBytes(zone);
        if (condition(zone) == ZoneCondition.FULL || inZone + length > capacityBytes(zone)) {
            return ZoneError.INVALID_COMMAND;
        }
        if (inZone != written(zone) || (inZone + length) % granularityBytes != 0) {
            return ZoneError.UNALIGNED_WRITE;
        }
        return condition(zone).open() ? 0 : makeRoom(zone);
    }

    private void advance(long offset, long length) {
        long end = offset + length;
        for (int zone = zoneOf(offset); zone <= zoneOf(end - 1); zone++) {
            ZoneCondition condition = condition(zone);
            if (!sequential(zone) || condition == ZoneCondition.FULL) {
                continue;
            }
            long upTo = Math.max(written(zone), Math.min(end - startBytes(zone), capacityBytes(zone)));
            boolean full = upTo == capacityBytes(zone);
            change(zone, full ? ZoneCondition.FULL : opened(condition), upTo);
        }
    }

    private static ZoneCondition opened(ZoneCondition condition) {
        return condition == ZoneCondition.EXPLICIT_OPEN ? condition : ZoneCondition.IMPLICIT_OPEN;
    }

    /** A write has completed: its part of each zone will be found when the disk is opened again. */
    void writeCompleted(long offset, long length) {
        lock.lock();
        try {
            long end = offset + length;
            for (int zone = zoneOf(offset); zone <= zoneOf(end - 1); zone++) {
                long upTo = Math.min(end - startBytes(zone), capacityBytes(zone));
                boolean resetMeanwhile = upTo > written(zone);
                if (sequential(zone) && !resetMeanwhile) {
                    long bytes = Math.max(recorded(zone), upTo);
                    record(zone, conditionWith(zone, bytes), bytes);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** A zone that writes have filled is full once they all have completed; one that was finished is full at once. */
    private ZoneCondition conditionWith(int zone, long bytes) {
        boolean notYet = condition(zone) == ZoneCondition.FULL
                && recordedCondition(zone) != ZoneCondition.FULL
                && bytes < capacityBytes(zone);
        return notYet ? ZoneCondition.IMPLICIT_OPEN : condition(zone);
    }

    /** A write failed: its part of the zone counts as not written, if nothing was written behind it. */
    void writeFailed(long offset, long length) {
        lock.lock();
        try {
            int zone = zoneOf(offset);
            boolean last = managed(zone) && offset + length == startBytes(zone) + written(zone);
            if (last && condition(zone).active()) {
                change(zone, condition(zone), offset - startBytes(zone));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Opens a zone until it is closed. Returns 0 or a {@link ZoneError}. */
    int openExplicitly(long zoneStart) {
        lock.lock();
        try {
            int zone = commanded(zoneStart);
            if (zone < 0) {
                return ZoneError.INVALID_COMMAND;
            }
            int error = switch (condition(zone)) {
                case IMPLICIT_OPEN, EXPLICIT_OPEN -> 0;
                case EMPTY, CLOSED -> makeRoom(zone);
                default -> ZoneError.INVALID_COMMAND;
            };
            if (error == 0) {
                change(zone, ZoneCondition.EXPLICIT_OPEN, written(zone));
                record(zone, ZoneCondition.EXPLICIT_OPEN, recorded(zone));
            }
            return error;
        } finally {
            lock.unlock();
        }
    }

    /** Closes an open zone. Returns 0 or a {@link ZoneError}. */
    int close(long zoneStart) {
        lock.lock();
        try {
            int zone = commanded(zoneStart);
            if (zone < 0 || !condition(zone).active()) {
                return ZoneError.INVALID_COMMAND;
            }
            close(zone);
            return 0;
        } finally {
            lock.unlock();
        }
    }

    private void close(int zone) {
        change(zone, written(zone) == 0 ? ZoneCondition.EMPTY : ZoneCondition.CLOSED, written(zone));
        record(zone, condition(zone), recorded(zone));
    }

    /** Ends the writing of a zone; needs room for it as a write would. Returns 0 or a {@link ZoneError}. */
    int finish(long zoneStart) {
        lock.lock();
        try {
            int zone = commanded(zoneStart);
            if (zone < 0) {
                return ZoneError.INVALID_COMMAND;
            }
            int error = switch (condition(zone)) {
                case FULL, IMPLICIT_OPEN, EXPLICIT_OPEN -> 0;
                case EMPTY, CLOSED -> makeRoom(zone);
                default -> ZoneError.INVALID_COMMAND;
            };
            if (error == 0) {
                change(zone, ZoneCondition.FULL, written(zone));
                record(zone, ZoneCondition.FULL, recorded(zone));
            }
            return error;
        } finally {
            lock.unlock();
        }
    }

    /** Whether a zone can be reset. Returns 0 or a {@link ZoneError}. */
    int checkReset(long zoneStart) {
        int zone = commanded(zoneStart);
        return zone >= 0 && resettable(zone) ? 0 : ZoneError.INVALID_COMMAND;
    }

    /** Whether a reset of all zones includes this one: not the conventional, nor the broken ones. */
    boolean resettable(int zone) {
        ZoneCondition condition = condition(zone);
        return sequential(zone) && condition != ZoneCondition.READ_ONLY && condition != ZoneCondition.OFFLINE;
    }

    /** Makes a zone empty, if it still can be. */
    void reset(int zone) {
        lock.lock();
        try {
            if (resettable(zone)) {
                change(zone, ZoneCondition.EMPTY, 0);
                record(zone, ZoneCondition.EMPTY, 0);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Breaks a zone, as null_blk's zone_readonly and zone_offline do. */
    void degrade(int zone, ZoneCondition condition) {
        lock.lock();
        try {
            if (!sequential(zone) && condition == ZoneCondition.READ_ONLY) {
                throw new IllegalArgumentException("zone " + zone + " is conventional; make it offline instead");
            }
            change(zone, condition, written(zone));
            record(zone, condition, recorded(zone));
        } finally {
            lock.unlock();
        }
    }

    /** The zone that a command means: sequential, and named by its first byte. Otherwise -1. */
    private int commanded(long zoneStart) {
        int zone = zoneOf(zoneStart);
        return zoneStart == startBytes(zone) && sequential(zone) ? zone : -1;
    }

    /** Makes it possible to open a zone that is empty or closed, closing another one if need be. */
    private int makeRoom(int zone) {
        boolean tooManyActive = !condition(zone).active() && spec.maxActive() > 0 && active >= spec.maxActive();
        if (tooManyActive) {
            return ZoneError.TOO_MANY_ACTIVE;
        }
        boolean tooManyOpen = spec.maxOpen() > 0 && open >= spec.maxOpen();
        return tooManyOpen && !closeAnImplicitlyOpen() ? ZoneError.TOO_MANY_OPEN : 0;
    }

    private boolean closeAnImplicitlyOpen() {
        for (int i = 0; i < zones; i++) {
            int zone = (closeNext + i) % zones;
            if (condition(zone) == ZoneCondition.IMPLICIT_OPEN) {
                closeNext = zone + 1;
                close(zone);
                return true;
            }
        }
        return false;
    }

    private void change(int zone, ZoneCondition next, long bytes) {
        ZoneCondition before = condition(zone);
        open += (next.open() ? 1 : 0) - (before.open() ? 1 : 0);
        active += (next.active() ? 1 : 0) - (before.active() ? 1 : 0);
        put(zone, next, bytes);
    }
}
