package ringside.emulator.vhostuser.server;

import java.lang.foreign.MemorySegment;
import ringside.emulator.device.VirtioDevice;
import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.eventloop.EventNotifier;
import ringside.emulator.localsocket.PeerException;
import ringside.emulator.memory.DirtyLog;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.virtqueue.RingFeatures;
import ringside.emulator.virtqueue.Virtqueue;
import ringside.emulator.virtqueue.VirtqueueConfig;

/**
 * One ring as the front-end set it up. It runs when everything it needs is known: size, addresses, a kick, enabled, memory.
 * Control thread only; the running ring belongs to the device's loop.
 */
final class Vring {
    /** What QEMU's devices accept whatever the size of their queues. The front-end may have made a queue below seg_max. */
    private static final int LARGEST_TABLE = 1024;

    private static final int FLAG_LOG = 1;

    private final int index;
    private final VirtioDevice device;
    private final CallLine calls;
    private int size;
    private Addresses addresses;
    /** Where to go on, see {@link Virtqueue#base()}; by the format that is known when the ring starts. */
    private int base;

    private boolean enabled;
    private EventNotifier kick;
    private Virtqueue running;

    /** The ring that ran last, whose record is released when the driver's side hears where it stopped; or null. */
    private Virtqueue resting;

    /** SET_VRING_ADDR: user addresses, and the guest address under which the used ring is logged. */
    record Addresses(int flags, long descUser, long usedUser, long availUser, long logGpa) {}

    /** What a ring needs of its connection to start. */
    record Surroundings(GuestMemory memory, MemoryTable table, long features, InflightArea inflight, DirtyLog log) {
        RingFeatures ring() {
            return VirtioFeatures.ring(features);
        }
    }

    Vring(int index, VirtioDevice device, CallLine calls) {
        this.index = index;
        this.device = device;
        this.calls = calls;
    }

    boolean isRunning() {
        return running != null;
    }

    void size(int entries, boolean packed) {
        boolean fits = entries <= device.queueMaxSize()
                && VirtqueueConfig.sizeProblem(packed, entries).isEmpty();
        if (!fits) {
            throw new PeerException("size " + Integer.toUnsignedString(entries) + " of queue " + index
                    + (packed ? " is not in 1.." : " is not a power of two up to ") + device.queueMaxSize());
        }
        requireResting("its size");
        size = entries;
    }

    /** Whether a packed ring has such a place is known when it starts. */
    void base(int told, boolean packed) {
        if (!packed && told >>> 16 != 0) {
            throw new PeerException(
                    "base " + Integer.toUnsignedString(told) + " of queue " + index + " is not a 16-bit index");
        }
        requireResting("its base");
        base = told;
    }

    private void requireResting(String what) {
        if (isRunning()) {
            throw new PeerException("queue " + index + " is running: " + what + " cannot change");
        }
    }

    /** A running ring may only change what is logged: that is how a migration begins. */
    void addresses(Addresses told, Surroundings surroundings) {
        boolean moved = addresses == null
                || told.descUser() != addresses.descUser()
                || told.usedUser() != addresses.usedUser()
                || told.availUser() != addresses.availUser();
        if (moved) {
            requireResting("its addresses");
        }
        addresses = told;
        applyLog(surroundings);
    }

    /** Begins or ends logging on the running ring. */
    void applyLog(Surroundings surroundings) {
        if (isRunning()) {
            Virtqueue ring = running;
            device.inContext(index, () -> log(ring, surroundings));
        }
    }

    private void log(Virtqueue ring, Surroundings surroundings) {
        boolean used = (addresses.flags() & FLAG_LOG) != 0;
        ring.logWrites(surroundings.log(), used ? addresses.logGpa() : Virtqueue.NOT_LOGGED);
    }

    /** Takes over the driver's kick. */
    void kick(EventNotifier told) {
        rest();
        closeKick();
        kick = told;
    }

    void enabled(boolean on) {
        enabled = on;
    }

    boolean isEnabled() {
        return enabled;
    }

    /** The area with the record is about to go. Only while the ring rests. */
    void forgetRecord() {
        resting = null;
    }

    /** Starts when everything is known, else does nothing. */
    void startIfReady(Surroundings surroundings) {
        boolean ready = enabled && kick != null && size > 0 && addresses != null && !isRunning();
        if (!ready || surroundings.table().isEmpty()) {
            return;
        }
        VirtqueueConfig config = config(surroundings);
        config.problem(surroundings.memory()).or(() -> config.baseProblem(base)).ifPresent(problem -> {
            throw new PeerException("queue " + index + ": " + problem);
        });
        Virtqueue ring = config.activate(surroundings.memory());
        ring.acceptTables(Math.max(size, LARGEST_TABLE));
        resume(ring, surroundings);
        log(ring, surroundings);
        running = ring;
        resting = null;
        device.startQueue(index, ring, calls, kick);
        // Whoever went before may have died between a completion and its notification.
        device.inContext(index, () -> calls.used(index));
    }

    private void resume(Virtqueue ring, Surroundings surroundings) {
        boolean packed = surroundings.ring().packed();
        MemorySegment record =
                surroundings.inflight() == null ? null : surroundings.inflight().record(index, size, packed);
        try {
            ring.resume(base, record);
        } catch (IllegalArgumentException e) {
            throw new PeerException("queue " + index + ": " + e.getMessage());
        }
    }

    private VirtqueueConfig config(Surroundings surroundings) {
        MemoryTable table = surroundings.table();
        return new VirtqueueConfig(
                size,
                table.gpaOfUser(addresses.descUser()),
                table.gpaOfUser(addresses.availUser()),
                table.gpaOfUser(addresses.usedUser()),
                surroundings.ring());
    }

    /** Stops, but keeps everything that is needed to go on. */
    void rest() {
        if (isRunning()) {
            device.stopQueue(index);
            base = running.base();
            resting = running;
            running = null;
        }
    }

    /** GET_VRING_BASE: stops until it is kicked anew; returns where to go on. */
    int stop() {
        rest();
        closeKick();
        if (resting != null) {
            resting.releaseRecord();
            resting = null;
        }
        return base;
    }

    private void closeKick() {
        if (kick != null) {
            kick.close();
            kick = null;
        }
    }

    /** Forgets everything but the record, which may bring the next connection to where this one ends. */
    void reset() {
        rest();
        closeKick();
        resting = null;
        size = 0;
        base = 0;
        addresses = null;
        enabled = false;
    }
}
