package ringside.emulator.fuzz;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import ringside.emulator.virtqueue.DescriptorChain;
import ringside.emulator.virtqueue.Virtqueue;
import ringside.emulator.virtqueue.VirtqueueConfig;

/**
 * A ring of the device under test and its model, through the same calls: takes, completions in any order, notifications,
 * and a crash between any two calls with a record of what is in flight. It ends when a driver has broken the ring.
 */
final class RingRun {
    static final int MAX_SIZE = 16;

    private final Twin twin;
    private final DescriptorChain chain = new DescriptorChain();
    private final MemorySegment record = Arena.ofAuto().allocate(VirtqueueConfig.inflightBytes(true, MAX_SIZE), 64);

    private VirtqueueConfig config;
    private Virtqueue queue;
    private RingModel model;
    private boolean recording;
    private boolean recordSpoilt;
    private BooleanSupplier predictable;
    private boolean over;
    private boolean crashed;

    /** Taken and not yet added: heads with their buffers, oldest first. */
    private final List<Held> held = new ArrayList<>();

    /** Taken and not yet visible as used, oldest first: what a successor has to do again. */
    private final List<Integer> unfinished = new ArrayList<>();

    /** Added, and not yet visible. */
    private final List<Integer> addedOnly = new ArrayList<>();

    private record Held(int head, List<RingModel.Buffer> buffers) {}

    RingRun(Twin twin) {
        this.twin = twin;
    }

    /**
     * Begins with a fresh ring in memory.
     *
     * @param base where it begins, as vhost-user has it
     * @param recorded whether there is a record of what is in flight
     * @param readable whether the record can still be judged by what the model knows
     */
    void begin(VirtqueueConfig ring, RingModel ringModel, int base, boolean recorded, BooleanSupplier readable) {
        held.clear();
        unfinished.clear();
        addedOnly.clear();
        record.fill((byte) 0);
        recordSpoilt = false;
        over = false;
        crashed = false;
        config = ring;
        model = ringModel;
        recording = recorded;
        predictable = readable;
        queue = config.activate(twin.memory);
        queue.resume(base, recording ? record : null);
    }

    boolean over() {
        return over;
    }

    /** A byte of the record, which only the device should write. */
    void scribble(int at, int value) {
        if (recording) {
            record.set(ValueLayout.JAVA_BYTE, at % (int) record.byteSize(), (byte) value);
            recordSpoilt = true;
        }
    }

    /** Takes and completes up to one ring's worth. */
    void takeAll() {
        for (int i = 0; i < config.size() && take(); i++) {
            complete(i);
        }
        publish();
    }

    boolean take() {
        int head = queue.nextHead();
        int expected = model.next();
        Check.that(head == expected, "the device took head %d, by the specification it is %d", head, expected);
        if (head == Virtqueue.FAULT) {
            Check.that(queue.fault() != null, "a malformed ring without a reason");
            over = true;
        }
        if (head < 0) {
            return false;
        }
        if (unfinished.contains(head)) {
            recordSpoilt = true;
        }
        unfinished.add(head);
        walk(head);
        return !over;
    }

    private void walk(int head) {
        boolean good = queue.readChain(head, chain);
        Optional<List<RingModel.Buffer>> expected = model.chain(head);
        Check.that(good == expected.isPresent(), "chain accepted: %s, by the specification: %s", good, !good);
        if (!good || held.stream().anyMatch(other -> other.head() == head)) {
            over = true; // malformed, or a head that is pending, on which the device above breaks
            return;
        }
        List<RingModel.Buffer> buffers = expected.get();
        Check.that(chain.segments() == buffers.size(), "a chain of %d segments", chain.segments());
        for (int i = 0; i < buffers.size(); i++) {
            RingModel.Buffer buffer = buffers.get(i);
            boolean same = chain.addresses()[i] == twin.host(buffer.gpa())
                    && chain.lengths()[i] == buffer.bytes()
                    && i >= chain.readableSegments() == buffer.writable();
            Check.that(same, "segment %d is not %s", i, buffer);
        }
        held.add(new Held(head, buffers));
    }

    /** Completes one of those held, with its buffers written or not. */
    void complete(int which) {
        if (held.isEmpty()) {
            return;
        }
        Held request = held.remove(which % held.size());
        int length = 0;
        for (RingModel.Buffer buffer : request.buffers()) {
            if (buffer.writable() && (which & 1) == 0) {
                twin.driveFill(buffer.gpa(), buffer.bytes(), request.head());
                length += buffer.bytes();
            }
        }
        queue.addUsed(request.head(), length);
        model.addUsed(request.head(), length);
        addedOnly.add(request.head());
    }

    void publish() {
        queue.publishUsed();
        model.publish();
        unfinished.removeAll(addedOnly);
        addedOnly.clear();
        Check.that(queue.hasUnannounced() == model.hasUnannounced(), "what is to be announced differs");
        if (queue.hasUnannounced()) {
            boolean notifies = queue.needsNotification();
            boolean expected = model.notifies();
            Check.that(notifies == expected, "notification %s, by the specification %s", notifies, expected);
        }
    }

    void suppress(boolean on) {
        if (on) {
            queue.disableNotification();
            model.disableKicks();
        } else {
            boolean more = queue.enableNotification();
            boolean expected = model.enableKicks();
            Check.that(more == expected, "after asking for kicks: more available %s", more);
        }
    }

    /** The device goes, another one comes. What is not used by then comes again, in its order, and nothing else does. */
    void crash() {
        if (!recording) {
            return;
        }
        twin.assertSame();
        crashed = true;
        over = true;
        boolean known = !recordSpoilt && predictable.getAsBoolean();
        queue = config.activate(twin.memory);
        int again;
        try {
            again = queue.resume(0, record);
        } catch (IllegalArgumentException contradiction) {
            Check.that(!known, "a record of the device's own is refused");
            return;
        }
        Check.that(!known || again == unfinished.size(), "%d requests to be repeated, not %s", again, unfinished);
        BitSet heads = new BitSet();
        for (int i = 0; i < again; i++) {
            int head = queue.nextHead();
            Check.that(head >= 0 && head < config.size() && !heads.get(head), "repeats head %d", head);
            Check.that(!known || head == unfinished.get(i), "repeats %d, not %s", head, unfinished);
            heads.set(head);
        }
        int base = queue.base();
        Check.that(!known || base == model.base(), "a successor goes on at %d, not %d", base, model.base());
    }

    /** At the end: memory is as the model says, and the device stands where the model stands. */
    void compare() {
        if (!crashed) {
            Check.that(queue.base() == model.base(), "the device stands at %d, not at %d", queue.base(), model.base());
            twin.assertSame();
        }
    }
}
