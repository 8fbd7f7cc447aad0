package ringside.emulator.fuzz;

import ringside.emulator.virtqueue.RingFeatures;
import ringside.emulator.virtqueue.VirtqueueConfig;

/**
 * The device side of a packed ring against {@link PackedModel}: descriptors, tables and event suppression out of bytes; the
 * driver knows where it stands, so that most lists are where the device looks for them.
 */
final class PackedQueueTarget implements FuzzTarget {
    private static final int MAX_STEPS = 96;
    private static final int AVAIL = 1 << 7;
    private static final int USED = 1 << 15;

    private final Twin twin = new Twin();
    private final FuzzInput in = new FuzzInput();
    private final RingInput pick = new RingInput(in);
    private final RingRun run = new RingRun(twin);
    private PackedModel.Layout layout;

    /** Descriptors that the driver has made available since the beginning of time. */
    private long offered;

    @Override
    public void run(byte[] input) {
        in.begin(input);
        twin.reset();
        if (!begin()) {
            return;
        }
        for (int step = 0; step < MAX_STEPS && !run.over() && !in.isOver(); step++) {
            step();
        }
        run.compare();
    }

    private boolean begin() {
        int how = in.u8();
        int size = 1 + in.below(RingRun.MAX_SIZE);
        boolean indirect = (how & 1) != 0;
        boolean eventIdx = (how & 2) != 0;
        long events = RingInput.RING + 16L * RingRun.MAX_SIZE;
        layout = (how & 0x78) == 0x78
                ? new PackedModel.Layout(in.below(RingRun.MAX_SIZE + 1), pick.address(), pick.address(), pick.address())
                : new PackedModel.Layout(size, RingInput.RING, events, events + 4);
        VirtqueueConfig config = new VirtqueueConfig(
                layout.size(),
                layout.ring(),
                layout.driver(),
                layout.device(),
                RingFeatures.packed(indirect, eventIdx));
        Check.that(config.problem(twin.memory).isEmpty() == layout.legal(), "a layout was judged wrongly");
        if (!layout.legal()) {
            return false;
        }
        twin.driveZeroes(layout.ring(), 16 * layout.size());
        twin.driveZeroes(layout.driver(), 4);
        twin.driveZeroes(layout.device(), 4);
        // In the second lap a fresh ring would look available, so a driver that begins there fills it first.
        offered = (how & 0x80) != 0 ? in.below(layout.size()) : 0;
        PackedModel model = new PackedModel(twin, layout, indirect, eventIdx);
        model.resume(offered);
        run.begin(config, model, model.base(), (how & 4) != 0, () -> true);
        return true;
    }

    private void step() {
        int kind = in.u8();
        switch (kind & 15) {
            case 0, 1, 2, 3 -> list(1 + (kind >>> 4 & 3), in.u8());
            case 4, 5 -> tableEntry();
            case 6 -> anyDescriptor();
            case 7 -> suppress(kind);
            case 8 -> skip(kind);
            case 9 -> scribble();
            case 10 -> run.take();
            case 11 -> run.takeAll();
            case 12 -> run.complete(in.u8());
            case 13 -> run.publish();
            case 14 -> run.suppress((kind & 16) == 0);
            default -> run.crash();
        }
    }

    private int owner(long count) {
        return count / layout.size() % 2 == 0 ? AVAIL : USED;
    }

    /** A list of descriptors; which of them are writable and whether one refers to a table is in the bits of a byte. */
    private void list(int count, int bits) {
        for (int i = count - 1; i >= 0; i--) {
            int next = i < count - 1 ? 1 : bits >>> 7 & (bits >>> 6 & 1);
            int flags = next | (bits >>> i & 1) << 1 | ((bits & 0x30) == 0x30 ? 4 : 0);
            descriptor(offered + i, in.u8() < 240 ? in.below(layout.size()) : in.u16(), flags);
        }
        offered += count;
    }

    private void descriptor(long count, int id, int flags) {
        long at = layout.ring() + 16 * (count % layout.size());
        twin.drive64(at, pick.address());
        twin.drive32(at + 8, (int) pick.length());
        twin.drive16(at + 12, id);
        twin.drive16(at + 14, flags | owner(count));
    }

    private void tableEntry() {
        long at = RingInput.TABLES + 16L * in.below(RingInput.TABLE_ENTRIES);
        twin.drive64(at, pick.address());
        twin.drive32(at + 8, (int) pick.length());
        twin.drive16(at + 12, in.u16());
        twin.drive16(at + 14, in.u8() < 200 ? in.below(2) << 1 : in.u16());
    }

    /** Whoever owns it. */
    private void anyDescriptor() {
        long at = layout.ring() + 16L * in.below(layout.size());
        twin.drive64(at, pick.address());
        twin.drive32(at + 8, (int) pick.length());
        twin.drive32(at + 12, in.u32());
    }

    /** Flags, and offset and wrap counter near where the driver is. */
    private void suppress(int kind) {
        long count = offered + in.below(4);
        int position = (int) (count % layout.size()) | (count / layout.size() % 2 == 0 ? 1 << 15 : 0);
        twin.drive32(layout.driver(), (kind & 16) == 0 ? (kind >>> 5 & 3) << 16 | position : in.u32());
    }

    /** A driver that loses count. */
    private void skip(int kind) {
        if (kind >= 0xc0) {
            offered += in.below(layout.size());
        }
    }

    private void scribble() {
        int at = in.u16();
        int value = in.u8();
        if (at >= 0xff00) {
            run.scribble(at, value);
        } else {
            twin.drive8(pick.scribblePlace(at), value);
        }
    }

    @Override
    public void close() {
        twin.close();
    }
}
