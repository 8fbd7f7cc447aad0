package ringside.emulator.fuzz;

import ringside.emulator.virtqueue.VirtqueueConfig;

/** The device side of a split ring against {@link SplitModel}: descriptors, tables, rings and event indices out of bytes. */
final class SplitQueueTarget implements FuzzTarget {
    private static final int MAX_STEPS = 96;

    private final Twin twin = new Twin();
    private final FuzzInput in = new FuzzInput();
    private final RingInput pick = new RingInput(in);
    private final RingRun run = new RingRun(twin);
    private SplitModel.Layout layout;
    private SplitModel model;

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

    /** Returns false when there is no ring to play with. */
    private boolean begin() {
        int how = in.u8();
        int size = 1 << in.below(5);
        boolean indirect = (how & 1) != 0;
        boolean eventIdx = (how & 2) != 0;
        long avail = RingInput.RING + 16L * size;
        layout = (how & 0x78) == 0x78
                ? new SplitModel.Layout(in.below(RingRun.MAX_SIZE + 1), pick.address(), pick.address(), pick.address())
                : new SplitModel.Layout(size, RingInput.RING, avail, avail + 6 + 2L * size + 3 & -4L);
        VirtqueueConfig config =
                new VirtqueueConfig(layout.size(), layout.desc(), layout.avail(), layout.used(), indirect, eventIdx);
        Check.that(config.problem(twin.memory).isEmpty() == layout.legal(), "a layout was judged wrongly");
        if (!layout.legal()) {
            return false;
        }
        twin.driveZeroes(layout.desc(), 16 * layout.size());
        twin.driveZeroes(layout.avail(), 6 + 2 * layout.size());
        twin.driveZeroes(layout.used(), 6 + 8 * layout.size());
        int start = (how & 0x80) != 0 ? 0xfff0 + in.below(16) : 0;
        twin.drive16(layout.avail() + 2, start);
        twin.drive16(layout.used() + 2, start);
        model = new SplitModel(twin, layout, indirect, eventIdx);
        model.resume(start);
        // A driver that writes used.idx itself says that something was used that was not.
        run.begin(config, model, start, (how & 4) != 0, model::usedIndexIsOurs);
        return true;
    }

    private void step() {
        int kind = in.u8();
        switch (kind & 15) {
            case 0, 1, 2 -> entry(layout.desc() + 16L * in.below(layout.size()), layout.size());
            case 3 -> entry(RingInput.TABLES + 16L * in.below(RingInput.TABLE_ENTRIES), RingInput.TABLE_ENTRIES);
            case 4 -> table(1 + (kind >>> 4 & 7));
            case 5, 6 -> offer(in.below(layout.size() + (kind >>> 7)));
            case 7 -> twin.drive16(layout.avail() + 2, in.u16());
            case 8 -> twin.drive16(layout.avail() + ((kind & 16) == 0 ? 0 : 4 + 2L * layout.size()), word(kind));
            case 9 -> scribble();
            case 10 -> run.take();
            case 11 -> run.takeAll();
            case 12 -> run.complete(in.u8());
            case 13 -> run.publish();
            case 14 -> run.suppress((kind & 16) == 0);
            default -> run.crash();
        }
    }

    /** Near the used index more often than not: that is where an event index decides. */
    private int word(int kind) {
        return (kind & 32) == 0 ? in.u16() : model.visible() + in.below(8) - 2;
    }

    private void entry(long gpa, int entries) {
        twin.drive64(gpa, pick.address());
        twin.drive32(gpa + 8, (int) pick.length());
        int flags = in.u8();
        twin.drive16(gpa + 12, flags >= 0xf0 ? flags << 8 | in.u8() : flags & 7);
        int next = in.u8();
        twin.drive16(gpa + 14, next >= 0xf0 ? in.u16() : next % (entries + 1));
    }

    /** A table that is right, and a reference that nearly is; offered. */
    private void table(int entries) {
        int writable = in.below(entries + 1);
        for (int i = 0; i < entries; i++) {
            long at = RingInput.TABLES + 16L * i;
            twin.drive64(at, Twin.HIGH_GPA + 64L * i);
            twin.drive32(at + 8, 1 + in.below(64));
            twin.drive16(at + 12, (i + 1 < entries ? 1 : 0) | (i < writable ? 0 : 2));
            twin.drive16(at + 14, i + 1);
        }
        int head = in.below(layout.size());
        long reference = layout.desc() + 16L * head;
        twin.drive64(reference, RingInput.TABLES);
        twin.drive32(reference + 8, 16 * entries);
        int flags = in.u8();
        twin.drive16(reference + 12, 4 | (flags < 192 ? 0 : flags & 3));
        twin.drive16(reference + 14, in.below(layout.size()));
        offer(head);
    }

    private void offer(int head) {
        int idx = twin.get16(layout.avail() + 2);
        twin.drive16(layout.avail() + 4 + 2L * (idx % layout.size()), head);
        twin.drive16(layout.avail() + 2, idx + 1);
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
