package ringside.emulator.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.BlockRequest;
import ringside.emulator.device.InterruptLine;
import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.device.blk.BlkSettings;
import ringside.emulator.device.blk.VirtioBlk;
import ringside.emulator.virtqueue.Virtqueue;
import ringside.emulator.virtqueue.VirtqueueConfig;

/**
 * A virtio-blk device behind one split ring against {@link BlkModel}: features, framing, headers, ranges, write cache,
 * completions in any order and with errors, resets in between. Guest memory, disk, notifications and the device's
 * complaints must be what the model says.
 */
final class BlkTarget implements FuzzTarget {
    private static final int MAX_STEPS = 96;
    private static final int MAX_SIZE = 16;
    private static final long RING = Twin.LOW_GPA;
    private static final long TABLE = Twin.LOW_GPA + 0x400;
    private static final long HEADERS = Twin.LOW_GPA + 0x600;
    private static final long DATA = Twin.LOW_GPA + 0x800;
    private static final int EIO = 5;
    private static final String ID = "fuzzed-disk-01234567";

    private static final long[] TYPES = {0, 1, 0, 1, 4, 8, 11, 13, 2, 3, 5, 10, 12, 14, 15, 16, 26, 0x8000_0000L, -1};
    private static final long[] SECTORS = {
        0,
        1,
        2,
        3,
        FuzzDisk.SECTORS - 1,
        FuzzDisk.SECTORS,
        FuzzDisk.SECTORS + 1,
        -1,
        Long.MIN_VALUE,
        Long.MAX_VALUE,
        1L << 55,
        1L << 54,
        (1L << 55) - 1,
        0x7f_ffff_ffff_ffffL
    };
    private static final long[] DATA_BYTES = {512, 512, 1024, 2048, 16, 32, 20, 0, 1, 511, 513, 19, 21, 48, 4096};
    private static final long[] PLACES = {
        DATA,
        DATA + 0x200,
        DATA + 0x1f1,
        Twin.HIGH_GPA,
        Twin.HIGH_GPA + 0x400,
        HEADERS,
        RING,
        TABLE,
        Twin.LOW_GPA + Twin.LOW_BYTES - 0x200,
        Twin.LOW_GPA + Twin.LOW_BYTES - 0x100,
        -1,
        0
    };
    private static final long[] COUNTS = {1, 2, 8, 0, FuzzDisk.SECTORS, FuzzDisk.SECTORS + 1, 1 << 21, (1 << 21) + 1, -1
    };

    private static final long[] CUTS = {16, 8, 4, 1, 15, 17, 12};

    private final Twin twin = new Twin();
    private final FuzzInput in = new FuzzInput();
    private final StepLoop loop = new StepLoop();
    private final List<Variant> variants =
            List.of(new Variant(false, true), new Variant(true, true), new Variant(false, false));

    private final Line line = new Line();
    private final byte[] content = new byte[FuzzDisk.BYTES];

    private Variant variant;
    private SplitModel.Layout layout;
    private SplitModel ring;
    private BlkModel model;
    private boolean broken;
    private boolean writeback;
    private boolean holding;

    /** The driver did something whose outcome the specification leaves open: from here on the device must survive. */
    private boolean lost;

    private boolean wceNegotiated;

    /** Requests of the model that the disk has not ended, in the order in which they came. */
    private final List<BlkModel.Request> waiting = new ArrayList<>();

    /** The device itself wrote into the ring that a driver owns, because a driver put a buffer there. */
    private int availBefore;

    /** What a device counts on behalf of the driver. */
    private static final class Line implements InterruptLine {
        private int notifications;
        private int complaints;

        @Override
        public void used(int queue) {
            notifications++;
        }

        @Override
        public void needsReset(String reason) {
            complaints++;
        }
    }

    /** A device with its disk. */
    private final class Variant {
        private final FuzzDisk disk;
        private final VirtioBlk device;

        Variant(boolean readOnly, boolean ranges) {
            this.disk = new FuzzDisk(readOnly, BlkTarget.this::submitted);
            this.device = new VirtioBlk(
                    new BlkSettings("disk0", 1, MAX_SIZE, MAX_SIZE - 2, true, true, true, ranges, ID),
                    disk,
                    twin.memory,
                    new FuzzContexts(loop, disk, () -> end(0, 0)),
                    true);
        }
    }

    @Override
    public void run(byte[] input) {
        in.begin(input);
        twin.reset();
        variant = variants.get(in.below(variants.size()));
        variant.disk.reset();
        holding = false;
        lost = false;
        FuzzDisk.copyOriginal(content);
        begin();
        for (int step = 0; step < MAX_STEPS && !in.isOver() && !lost; step++) {
            step();
        }
        reset();
        if (!lost) {
            compare();
        }
    }

    private void compare() {
        twin.assertSame();
        int at = Arrays.mismatch(variant.disk.content(), content);
        Check.that(at < 0, "the disk holds something else at byte %d", at);
    }

    private void begin() {
        int how = in.u8();
        int size = 1 << in.below(5);
        long offered = variant.device.offeredFeatures();
        long features = offered & (in.u8() < 128 ? -1L : in.u64()) | VirtioFeatures.VIRTIO_F_VERSION_1;
        boolean indirect = (features & VirtioFeatures.VIRTIO_F_INDIRECT_DESC) != 0;
        features = (how & 1) == 0 ? features & ~VirtioFeatures.VIRTIO_F_EVENT_IDX : features;
        boolean eventIdx = (features & VirtioFeatures.VIRTIO_F_EVENT_IDX) != 0;
        long avail = RING + 16L * size;
        layout = new SplitModel.Layout(size, RING, avail, avail + 6 + 2L * size + 3 & -4L);
        twin.driveZeroes(RING, 0x400);
        variant.device.negotiated(features);
        wceNegotiated = (features & BlkConstants.VIRTIO_BLK_F_CONFIG_WCE) != 0;
        // §5.2.6.2: a driver without FLUSH could not make anything stable.
        writeback = (features & BlkConstants.VIRTIO_BLK_F_FLUSH) != 0;
        VirtqueueConfig config =
                new VirtqueueConfig(size, layout.desc(), layout.avail(), layout.used(), indirect, eventIdx);
        ring = new SplitModel(twin, layout, indirect, eventIdx).acceptTables(MAX_SIZE);
        model = new BlkModel(twin, disk(features), content);
        broken = false;
        twin.leaveOpen(layout.used() + 2);
        waiting.clear();
        line.complaints = 0;
        line.notifications = 0;
        variant.device.activate(new Virtqueue[] {config.activate(twin.memory)}, line);
    }

    private BlkModel.Disk disk(long features) {
        return new BlkModel.Disk(
                variant.disk.readOnly(),
                (features & BlkConstants.VIRTIO_BLK_F_DISCARD) != 0,
                (features & BlkConstants.VIRTIO_BLK_F_WRITE_ZEROES) != 0,
                1,
                1 << 21,
                ID.getBytes(StandardCharsets.US_ASCII));
    }

    private void step() {
        int kind = in.u8();
        switch (kind & 15) {
            case 0, 1, 2, 3, 4 -> request((kind & 16) != 0, in.below(layout.size()));
            case 5 -> entry((kind & 16) == 0 ? RING + 16L * in.below(layout.size()) : TABLE + 16L * in.below(16));
            case 6 -> offer(in.below(layout.size()));
            case 7 -> header(HEADERS + 16L * in.below(16));
            case 8 -> range(DATA);
            case 9, 10 -> kick();
            case 11 -> hold((kind & 16) == 0);
            case 12 -> endOne(in.u8());
            case 13 -> cache((kind & 16) == 0);
            case 14 -> drive(kind);
            default -> restart(kind);
        }
    }

    /** A request that is right more often than not: header, data, status, over one to many descriptors. */
    private void request(boolean indirect, int head) {
        long header = HEADERS + 16L * head;
        header(header);
        boolean writable = in.u8() < 128;
        long data = in.pick(PLACES);
        long bytes = in.pick(DATA_BYTES);
        long cut = in.pick(CUTS);
        long base = indirect ? TABLE : RING;
        int entries = indirect ? 16 : layout.size();
        int at = indirect ? 0 : head;
        int last = 0;
        for (long from = 0; from < 16 && last < 3; from += cut) {
            at = put(base, at, entries, header + from, Math.min(cut, 16 - from), 0);
            last++;
        }
        if (bytes > 0) {
            long piece = in.u8() < 128 ? bytes : Math.max(1, bytes / 3);
            for (long from = 0; from < bytes; from += piece) {
                at = put(base, at, entries, data + from, Math.min(piece, bytes - from), writable ? 2 : 0);
            }
        }
        long status = TABLE + 0x180 + head;
        twin.drive64(base + 16L * at, status);
        twin.drive32(base + 16L * at + 8, in.u8() < 240 ? 1 : in.below(4));
        twin.drive16(base + 16L * at + 12, in.u8() < 250 ? 2 : 0);
        if (indirect) {
            twin.drive64(RING + 16L * head, TABLE);
            twin.drive32(RING + 16L * head + 8, 16 * (at + 1));
            twin.drive16(RING + 16L * head + 12, 4);
        }
        offer(head);
    }

    private int put(long base, int at, int entries, long gpa, long bytes, int flags) {
        int next = (at + 1) % entries;
        twin.drive64(base + 16L * at, gpa);
        twin.drive32(base + 16L * at + 8, (int) bytes);
        twin.drive16(base + 16L * at + 12, flags | 1);
        twin.drive16(base + 16L * at + 14, next);
        return next;
    }

    private void header(long gpa) {
        twin.drive32(gpa, (int) in.pick(TYPES));
        twin.drive32(gpa + 4, 0x0bad_0bad);
        twin.drive64(gpa + 8, in.pick(SECTORS));
        if (in.u8() < 64) {
            range(DATA);
        }
    }

    private void range(long gpa) {
        twin.drive64(gpa, in.pick(SECTORS));
        twin.drive32(gpa + 8, (int) in.pick(COUNTS));
        twin.drive32(gpa + 12, in.u8() < 200 ? 0 : in.below(4));
    }

    private void entry(long gpa) {
        twin.drive64(gpa, in.pick(PLACES));
        twin.drive32(gpa + 8, (int) in.pick(DATA_BYTES));
        twin.drive16(gpa + 12, in.u8() & 7);
        twin.drive16(gpa + 14, in.below(layout.size() + 1));
    }

    private void offer(int head) {
        int idx = twin.get16(layout.avail() + 2);
        twin.drive16(layout.avail() + 4 + 2L * (idx % layout.size()), head);
        twin.drive16(layout.avail() + 2, idx + 1);
    }

    /** Event index, flags, and any byte of the ring and the tables. */
    private void drive(int kind) {
        switch (kind >>> 4 & 3) {
            case 0 -> twin.drive16(layout.avail(), in.below(4));
            case 1 -> twin.drive16(layout.avail() + 4 + 2L * layout.size(), ring.visible() + in.below(6) - 2);
            case 2 -> twin.drive8(RING + in.u16() % 0x800, in.u8());
            default -> twin.drive16(layout.avail() + 2, in.u16());
        }
    }

    /** A driver that switches the write cache; only the negotiated field of the right width counts. */
    private void cache(boolean right) {
        int offset = right ? BlkConstants.CONFIG_WRITEBACK : in.u8();
        int width = right ? 1 : 1 << in.below(4);
        int value = in.below(3);
        variant.device.writeConfig(offset, width, value);
        if (wceNegotiated && offset == BlkConstants.CONFIG_WRITEBACK && width == 1) {
            writeback = value != 0;
        }
        boolean reads = variant.device.readConfig(BlkConstants.CONFIG_WRITEBACK) != 0;
        Check.that(reads == writeback, "writeback reads %s, it should be %s", reads, writeback);
    }

    private void hold(boolean on) {
        holding = on;
        variant.disk.hold(on);
    }

    private void restart(int kind) {
        if ((kind & 0xf0) == 0) {
            reset();
            begin();
        }
    }

    private void reset() {
        variant.device.reset();
        Check.that(lost || waiting.isEmpty() && variant.disk.waiting() == 0, "the device forgot requests in flight");
        hold(false);
    }

    private void kick() {
        int before = line.complaints;
        watchDriverArea();
        variant.device.kick(0);
        loop.step();
        boolean was = broken;
        expect(() -> {
            if (!broken) {
                expectKick();
            }
        });
        if (lost) {
            return;
        }
        Check.that(line.complaints - before == (broken && !was ? 1 : 0), "%d complaints", line.complaints - before);
        announce();
    }

    private void expect(Runnable model) {
        try {
            model.run();
        } catch (Twin.LeftOpen e) {
            lost = true;
        }
    }

    private void expectKick() {
        do {
            ring.disableKicks();
            for (int i = 0; i < layout.size() && expectNext(); i++) {
                // Until the ring is empty or broken.
            }
            ring.publish();
        } while (!broken && ring.enableKicks());
    }

    private boolean expectNext() {
        int head = ring.next();
        if (head == RingModel.EMPTY) {
            return false;
        }
        Optional<BlkModel.Request> request = Optional.empty();
        if (head >= 0 && waiting.stream().noneMatch(other -> other.head() == head)) {
            request = ring.chain(head).flatMap(buffers -> model.begin(head, buffers));
        }
        broken = request.isEmpty();
        request.ifPresent(this::expectStart);
        return !broken;
    }

    private void expectStart(BlkModel.Request request) {
        if (request.waits() && holding) {
            waiting.add(request);
        } else {
            ring.addUsed(request.head(), model.end(request, 0));
        }
    }

    private void endOne(int which) {
        if (variant.disk.waiting() == 0) {
            return;
        }
        watchDriverArea();
        end(which % variant.disk.waiting(), which >= 192 ? EIO : 0);
        loop.step();
        if (!lost) {
            announce();
        }
    }

    private void end(int index, int errno) {
        variant.disk.end(index, errno);
        if (!lost) {
            BlkModel.Request request = waiting.remove(index);
            expect(() -> ring.addUsed(request.head(), model.end(request, errno)));
            ring.publish();
        }
    }

    /** §5.2.6.2: without a write cache a write is stable before it is completed. */
    private void submitted(BlockRequest request) {
        boolean stable = (request.op == BlockOp.WRITE || request.op == BlockOp.WRITE_ZEROES) && !writeback;
        Check.that(request.fua == stable, "asked to be stable: %s, by the specification %s", request.fua, stable);
    }

    private void watchDriverArea() {
        availBefore = driverArea();
    }

    private int driverArea() {
        return twin.get16(layout.avail()) << 16 | twin.get16(layout.avail() + 4 + 2L * layout.size());
    }

    /** At least one notification where the driver asked for it, none where it did not. */
    private void announce() {
        boolean sent = line.notifications > 0;
        line.notifications = 0;
        if (ring.hasUnannounced()) {
            boolean expected = ring.notifies();
            Check.that(
                    sent == expected || driverArea() != availBefore,
                    "notified %s, by the specification %s",
                    sent,
                    expected);
        } else {
            Check.that(!sent, "a notification of nothing");
        }
    }

    @Override
    public void close() {
        variants.forEach(made -> made.device.close());
        twin.close();
    }
}
