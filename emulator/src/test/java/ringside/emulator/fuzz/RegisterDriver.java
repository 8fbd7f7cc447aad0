package ringside.emulator.fuzz;

/**
 * The part of a fuzzed driver that is the same behind all registers: rings at a few places that may overlap, requests in
 * them, and a device that serves them at once. Transports add how registers are written.
 */
final class RegisterDriver implements AutoCloseable {
    static final int QUEUES = 2;
    static final int MAX_SIZE = 8;
    static final String ID = "register-disk";

    private static final long DATA = Twin.HIGH_GPA;
    private static final int SLOT = 0x100;
    private static final int SLOTS = 6;
    private static final long[] TYPES = {4, 8, 0, 1, 0, 7};

    private static final long[] STRANGE = {
        0,
        1,
        -1,
        Twin.LOW_GPA + 8,
        Twin.LOW_GPA + 2,
        Twin.LOW_GPA + Twin.LOW_BYTES - 16,
        Twin.HIGH_GPA - 0x40,
        Long.MIN_VALUE
    };

    final Twin twin = new Twin();
    final FuzzInput in = new FuzzInput();
    final byte[] content = new byte[FuzzDisk.BYTES];
    private final FuzzDisk disk = new FuzzDisk(false, request -> {});
    final ringside.emulator.device.blk.VirtioBlk device = new ringside.emulator.device.blk.VirtioBlk(
            new ringside.emulator.device.blk.BlkSettings(
                    "disk0", QUEUES, MAX_SIZE, MAX_SIZE - 2, true, true, true, true, ID),
            disk,
            twin.memory,
            new FuzzContexts(new StepLoop(), disk, () -> disk.end(0, 0)),
            true);

    void begin(byte[] input) {
        in.begin(input);
        twin.reset();
        twin.driveZeroes(Twin.LOW_GPA, SLOT * (SLOTS + 2));
        disk.reset();
        FuzzDisk.copyOriginal(content);
    }

    /** Memory and disk are as the model says. */
    void compare() {
        twin.assertSame();
        int at = java.util.Arrays.mismatch(disk.content(), content);
        Check.that(at < 0, "the disk holds something else at byte %d", at);
    }

    /** A legal place for a part of a ring: 0 descriptors, 1 driver area, 2 device area. */
    static long place(int slot, int part) {
        return Twin.LOW_GPA + SLOT * (long) (slot % SLOTS) + (part == 0 ? 0 : part == 1 ? 0x80 : 0xa0);
    }

    long anyPlace(int part) {
        int pick = in.u8();
        return pick < 224 ? place(pick, part) : STRANGE[pick % STRANGE.length];
    }

    /** Makes a request available in a queue, in whatever state it is. */
    void offer(TransportModel.Queue queue) {
        int size = Math.clamp(queue.num, 1, MAX_SIZE);
        int head = in.below(size);
        long header = DATA + 0x600 + 16L * head;
        twin.drive32(header, (int) in.pick(TYPES));
        twin.drive64(header + 8, in.below(FuzzDisk.SECTORS + 1));
        int second = (head + 1) % size;
        int third = (head + 2) % size;
        boolean writable = in.u8() < 128;
        entry(queue, head, header, 16, 1, second);
        entry(queue, second, DATA + 0x200 * (head % 3), in.u8() < 200 ? 512 : in.u8(), writable ? 3 : 1, third);
        entry(queue, third, DATA + 0x700 + head, 1, 2, 0);
        if (Twin.contains(queue.driver, 6 + 2L * size)) {
            int idx = twin.get16(queue.driver + 2);
            twin.drive16(queue.driver + 4 + 2L * (idx % size), in.u8() < 250 ? head : in.u8());
            twin.drive16(queue.driver + 2, idx + 1);
        }
    }

    private void entry(TransportModel.Queue queue, int index, long addr, int len, int flags, int next) {
        long at = queue.desc + 16L * index;
        twin.drive64(at, addr);
        twin.drive32(at + 8, len);
        twin.drive16(at + 12, flags);
        twin.drive16(at + 14, next);
    }

    /** Flags or event index of a driver. */
    void suppress(TransportModel.Queue queue) {
        int at = in.u8();
        twin.drive16(
                (at & 1) == 0 ? queue.driver : queue.driver + 4 + 2L * Math.clamp(queue.num, 1, MAX_SIZE), at >> 1);
    }

    @Override
    public void close() {
        device.close();
        twin.close();
    }
}
