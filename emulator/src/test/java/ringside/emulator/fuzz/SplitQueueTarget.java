package ringside.emulator.fuzz;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import ringside.emulator.virtqueue.DescriptorChain;
import ringside.emulator.virtqueue.Virtqueue;
import ringside.emulator.virtqueue.VirtqueueConfig;

/**
 * The device side of a split ring against {@link SplitModel}: descriptors, tables, rings and event indices out of bytes,
 * calls of the device in any order, completions in any order, and crashes between any two calls with a record of what
 * is in flight.
 */
final class SplitQueueTarget implements FuzzTarget {
    private static final int MAX_STEPS = 96;
    private static final long RING = Twin.LOW_GPA;
    private static final long TABLES = Twin.LOW_GPA + 0x400;
    private static final int TABLE_ENTRIES = 64;
    private static final long BUFFERS = Twin.LOW_GPA + 0x800;
    private static final int MAX_SIZE = 16;

    private static final long[] ADDRESSES = {
        BUFFERS,
        BUFFERS + 1,
        BUFFERS + 0x700,
        TABLES,
        TABLES + 16,
        TABLES + 0x200,
        RING,
        RING + 0x100,
        Twin.LOW_GPA + Twin.LOW_BYTES - 1,
        Twin.LOW_GPA + Twin.LOW_BYTES - 16,
        Twin.LOW_GPA + Twin.LOW_BYTES,
        Twin.HIGH_GPA - 1,
        Twin.HIGH_GPA,
        Twin.HIGH_GPA + Twin.HIGH_BYTES - 16,
        Twin.LOW_GPA - 1,
        0,
        -1,
        -16,
        Long.MIN_VALUE,
        Long.MAX_VALUE
    };

    private static final long[] LENGTHS = {
        1,
        2,
        15,
        16,
        17,
        32,
        48,
        64,
        128,
        256,
        512,
        0,
        4096,
        8192,
        1 << 20,
        0x7fff_ffffL,
        0x8000_0000L,
        0xffff_ffffL,
        0xffff_fff0L
    };

    private final Twin twin = new Twin();
    private final FuzzInput in = new FuzzInput();
    private final DescriptorChain chain = new DescriptorChain();
    private final MemorySegment record = Arena.ofAuto().allocate(VirtqueueConfig.inflightBytes(false, MAX_SIZE), 64);

    private SplitModel.Layout layout;
    private VirtqueueConfig config;
    private Virtqueue queue;
    private SplitModel model;
    private boolean recording;
    private boolean over;

    /** Taken and not yet added: heads with their buffers, oldest first. */
    private final List<Held> held = new ArrayList<>();

    /** Taken and not yet visible as used, oldest first: what a successor has to do again. */
    private final List<Integer> unfinished = new ArrayList<>();

    /** Completed heads that the driver cannot see yet. */
    private final List<Integer> addedOnly = new ArrayList<>();

    /** The driver broke rules in a way that makes the record of what is in flight unpredictable. */
    private boolean recordSpoilt;

    private record Held(int head, List<SplitModel.Buffer> buffers) {}

    @Override
    public void run(byte[] input) {
        in.begin(input);
        twin.reset();
        if (!begin()) {
            return;
        }
        for (int step = 0; step < MAX_STEPS && !over && !in.isOver(); step++) {
            step();
        }
        Check.that(queue.base() == model.taken(), "the device took another number of entries");
        twin.assertSame();
    }

    /** Returns false when there is no ring to play with. */
    private boolean begin() {
        int how = in.u8();
        int size = 1 << in.below(5);
        boolean indirect = (how & 1) != 0;
        boolean eventIdx = (how & 2) != 0;
        recording = (how & 4) != 0;
        long avail = RING + 16L * size;
        long used = avail + 6 + 2L * size + 3 & -4L;
        layout = (how & 0x78) == 0x78
                ? new SplitModel.Layout(in.below(MAX_SIZE + 1), anyAddress(), anyAddress(), anyAddress())
                : new SplitModel.Layout(size, RING, avail, used);
        config = new VirtqueueConfig(layout.size(), layout.desc(), layout.avail(), layout.used(), indirect, eventIdx);
        Check.that(config.problem(twin.memory).isEmpty() == layout.legal(), "a layout was judged wrongly");
        if (!layout.legal()) {
            return false;
        }
        twin.driveZeroes(layout.desc(), 16 * layout.size());
        twin.driveZeroes(layout.avail(), 6 + 2 * layout.size());
        twin.driveZeroes(layout.used(), 6 + 8 * layout.size());
        held.clear();
        unfinished.clear();
        addedOnly.clear();
        recordSpoilt = false;
        over = false;
        record.fill((byte) 0);
        int start = (how & 0x80) != 0 ? 0xfff0 + in.below(16) : 0;
        twin.drive16(layout.avail() + 2, start);
        twin.drive16(layout.used() + 2, start);
        queue = config.activate(twin.memory);
        model = new SplitModel(twin, layout, indirect, eventIdx);
        queue.resume(start, recording ? record : null);
        model.resume(start);
        return true;
    }

    private void step() {
        int kind = in.u8();
        switch (kind & 15) {
            case 0, 1, 2 -> entry(layout.desc() + 16L * in.below(layout.size()), layout.size());
            case 3, 4 -> entry(TABLES + 16L * in.below(TABLE_ENTRIES), TABLE_ENTRIES);
            case 5, 6 -> offer(in.below(layout.size() + (kind >>> 7)));
            case 7 -> twin.drive16(layout.avail() + 2, in.u16());
            case 8 -> twin.drive16(layout.avail() + ((kind & 16) == 0 ? 0 : 4 + 2L * layout.size()), word(kind));
            case 9 -> scribble();
            case 10 -> take();
            case 11 -> takeAll();
            case 12 -> complete(in.u8());
            case 13 -> publish();
            case 14 -> suppress((kind & 16) == 0);
            default -> crash();
        }
    }

    /** Near the used index more often than not: that is where an event index decides. */
    private int word(int kind) {
        return (kind & 32) == 0 ? in.u16() : model.visible() + in.below(8) - 2;
    }

    private long anyAddress() {
        int pick = in.u8();
        return pick < 128 ? ADDRESSES[pick % ADDRESSES.length] : BUFFERS + in.u16() % 0x2000;
    }

    private void entry(long gpa, int entries) {
        twin.drive64(gpa, anyAddress());
        twin.drive32(gpa + 8, (int) in.pick(LENGTHS));
        int flags = in.u8();
        twin.drive16(gpa + 12, flags >= 0xf0 ? flags << 8 | in.u8() : flags & 7);
        int next = in.u8();
        twin.drive16(gpa + 14, next >= 0xf0 ? in.u16() : next % (entries + 1));
    }

    private void offer(int head) {
        int idx = twin.get16(layout.avail() + 2);
        twin.drive16(layout.avail() + 4 + 2L * (idx % layout.size()), head);
        twin.drive16(layout.avail() + 2, idx + 1);
    }

    /** Any byte of memory, also of the record that only the device should write. */
    private void scribble() {
        int at = in.u16();
        if (recording && at >= 0xff00) {
            record.set(ValueLayout.JAVA_BYTE, at % (int) record.byteSize(), (byte) in.u8());
            recordSpoilt = true;
        } else {
            twin.drive8(at % 4 == 0 ? Twin.HIGH_GPA + at % Twin.HIGH_BYTES : Twin.LOW_GPA + at % 0x1000, in.u8());
        }
    }

    private void takeAll() {
        for (int i = 0; i < layout.size() && take(); i++) {
            complete(i);
        }
        publish();
    }

    private boolean take() {
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
        Optional<List<SplitModel.Buffer>> expected = model.chain(head);
        Check.that(good == expected.isPresent(), "chain accepted: %s, by the specification: %s", good, !good);
        if (!good || held.stream().anyMatch(other -> other.head() == head)) {
            over = true; // malformed, or a head that is pending, which the device above breaks on
            return;
        }
        List<SplitModel.Buffer> buffers = expected.get();
        Check.that(chain.segments() == buffers.size(), "a chain of %d segments", chain.segments());
        for (int i = 0; i < buffers.size(); i++) {
            SplitModel.Buffer buffer = buffers.get(i);
            boolean same = chain.addresses()[i] == twin.host(buffer.gpa())
                    && chain.lengths()[i] == buffer.bytes()
                    && i >= chain.readableSegments() == buffer.writable();
            Check.that(same, "segment %d is not %s", i, buffer);
        }
        held.add(new Held(head, buffers));
    }

    /** Completes one of those held, with some bytes written to its buffers. */
    private void complete(int which) {
        if (held.isEmpty()) {
            return;
        }
        Held request = held.remove(which % held.size());
        int length = 0;
        for (SplitModel.Buffer buffer : request.buffers()) {
            if (buffer.writable() && (which & 1) == 0) {
                twin.driveFill(buffer.gpa(), buffer.bytes(), request.head());
                length += buffer.bytes();
            }
        }
        queue.addUsed(request.head(), length);
        model.addUsed(request.head(), length);
        addedOnly.add(request.head());
    }

    private void publish() {
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

    private void suppress(boolean on) {
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
    private void crash() {
        if (!recording) {
            return;
        }
        boolean predictable = !recordSpoilt && model.usedIndexIsOurs();
        queue = config.activate(twin.memory);
        int again = queue.resume(0, record);
        if (predictable) {
            Check.that(again == unfinished.size(), "%d requests to be repeated, not %s", again, unfinished);
        }
        BitSet heads = new BitSet();
        for (int i = 0; i < again; i++) {
            int head = queue.nextHead();
            Check.that(head >= 0 && head < layout.size() && !heads.get(head), "repeats head %d", head);
            Check.that(!predictable || head == unfinished.get(i), "repeats %d, not %s", head, unfinished);
            heads.set(head);
        }
        over = true;
        if (predictable) {
            Check.that(queue.base() == model.taken(), "a successor goes on at %d", queue.base());
        }
        // Whatever the driver made of the ring meanwhile, and then it is over: the comparison needs the successor's
        // place.
        model.resume(queue.base());
    }

    @Override
    public void close() {
        twin.close();
    }
}
