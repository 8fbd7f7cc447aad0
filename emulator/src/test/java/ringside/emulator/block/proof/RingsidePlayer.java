package ringside.emulator.block.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.NodeFixture;
import ringside.emulator.block.Qcow2Spec;

/** Our node works on the image: several requests at a time on a loop, and blocking calls. */
final class RingsidePlayer implements DiskPlayer {
    private static final int LONGEST_SECTORS = 400;

    private final Supplier<Qcow2Spec> spec;
    private final DiskModel model;
    private final Random random;
    private NodeFixture fixture;

    RingsidePlayer(Supplier<Qcow2Spec> spec, DiskModel model, Random random) {
        this.spec = spec;
        this.model = model;
        this.random = random;
    }

    @Override
    public int play() {
        int wanted = 20 + random.nextInt(200);
        int operations = 0;
        fixture = new NodeFixture(BlockNodes.open(spec.get()));
        try {
            assertThat(fixture.node.lengthBytes()).isEqualTo(model.length());
            while (operations < wanted) {
                operations += random.nextInt(4) == 0 ? blocking() : round();
            }
        } finally {
            fixture.close();
        }
        return operations;
    }

    /** The disk, read in one go. */
    byte[] read() {
        try (BlockNode node = BlockNodes.open(spec.get())) {
            byte[] whole = new byte[model.length()];
            node.file().read(0, MemorySegment.ofArray(whole));
            return whole;
        }
    }

    void resize(int length) {
        try (BlockNode node = BlockNodes.open(spec.get())) {
            node.resize(length);
            assertThat(node.lengthBytes()).isEqualTo(length);
        }
    }

    /** Requests on disjoint ranges, all in flight at once. */
    private int round() {
        List<Runnable> checks = new ArrayList<>();
        int sectorsOfDisk = model.length() / DiskModel.SECTOR;
        int lanes = 1 + random.nextInt(8);
        int room = sectorsOfDisk / lanes;
        for (int lane = 0; lane < lanes; lane++) {
            int longest = Math.min(random.nextInt(3) > 0 ? 16 : LONGEST_SECTORS, room);
            int sectors = 1 + random.nextInt(longest);
            int at = lane * room + random.nextInt(room - sectors + 1);
            request(at * DiskModel.SECTOR, sectors * DiskModel.SECTOR, checks);
        }
        fixture.finish();
        checks.forEach(Runnable::run);
        settle();
        return lanes;
    }

    private void request(int at, int length, List<Runnable> checks) {
        NodeFixture.Request request = fixture.request();
        checks.add(() -> assertThat(request.error).isZero());
        switch (random.nextInt(9)) {
            case 0, 1, 2, 3 -> {
                byte[] data = randomBytes(length);
                MemorySegment from = fixture.arena.allocate(length, 8).copyFrom(MemorySegment.ofArray(data));
                request.block.fua = random.nextInt(8) == 0;
                request.segments(halves(from)).submit(BlockOp.WRITE, at, length);
                model.write(at, data);
            }
            case 4, 5 -> {
                MemorySegment into = fixture.arena.allocate(length, 8).fill((byte) 0x55);
                request.segments(halves(into)).submit(BlockOp.READ, at, length);
                checks.add(() -> model.requireSame(into.toArray(ValueLayout.JAVA_BYTE), at));
            }
            case 6 -> request.segments().submit(BlockOp.FLUSH, 0, 0);
            case 7 -> {
                request.block.mayUnmap = random.nextBoolean();
                request.segments().submit(BlockOp.WRITE_ZEROES, at, length);
                model.fill(at, length, 0);
            }
            default -> {
                request.segments().submit(BlockOp.DISCARD, at, length);
                model.discard(at, length);
            }
        }
    }

    private MemorySegment[] halves(MemorySegment whole) {
        long middle = whole.byteSize() / DiskModel.SECTOR / 2 * DiskModel.SECTOR;
        return middle == 0
                ? new MemorySegment[] {whole}
                : new MemorySegment[] {whole.asSlice(0, middle), whole.asSlice(middle)};
    }

    private int blocking() {
        int length = 1 + random.nextInt(Math.min(200_000, model.length()));
        int at = random.nextInt(model.length() - length + 1);
        switch (random.nextInt(4)) {
            case 0 -> {
                byte[] into = new byte[length];
                fixture.node.file().read(at, MemorySegment.ofArray(into));
                model.requireSame(into, at);
            }
            case 1 -> {
                fixture.node.file().writeZeroes(at, length, random.nextBoolean());
                model.fill(at, length, 0);
            }
            default -> {
                byte[] data = randomBytes(length);
                fixture.node.file().write(at, MemorySegment.ofArray(data));
                model.write(at, data);
            }
        }
        return 1;
    }

    private void settle() {
        if (model.unsettled()) {
            byte[] whole = new byte[model.length()];
            fixture.node.file().read(0, MemorySegment.ofArray(whole));
            model.settle(whole);
        }
    }

    private byte[] randomBytes(int length) {
        byte[] data = new byte[length];
        random.nextBytes(data);
        return data;
    }
}
