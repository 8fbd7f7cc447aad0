package ringside.emulator.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import ringside.emulator.aio.AioKind;
import ringside.emulator.trace.CounterId;

/** What was written is read, in every cache mode, with both engines, with and without O_DIRECT blocks of 4 KiB. */
class RawNodeIntegrityTest {
    private static final int DISK_BYTES = 512 << 10;
    private static final int REGIONS = 8;
    private static final int REGION_BYTES = DISK_BYTES / REGIONS;
    private static final int ROUNDS = 25;

    @TempDir
    Path folder;

    private Path image;
    private final byte[] model = new byte[DISK_BYTES];
    private final Random random = new Random(42);

    @BeforeEach
    void makeImage() throws IOException {
        image = Files.write(folder.resolve("disk.raw"), model);
    }

    static Stream<Arguments> modes() {
        List<Arguments> all = new ArrayList<>();
        for (CacheMode cache : CacheMode.values()) {
            for (AioKind aio : AioKind.values()) {
                if (!aio.serves(cache.direct())) {
                    continue;
                }
                all.add(Arguments.of(cache, aio, 1));
                if (cache.direct()) {
                    all.add(Arguments.of(cache, aio, 4096));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "cache={0} aio={1} alignment={2}")
    @MethodSource("modes")
    void randomRequests_leaveTheImageAsTheModelSays(CacheMode cache, AioKind aio, int alignment) throws IOException {
        NodeFixture.assumeHost(image, cache, aio);
        RawNode node = RawNode.open(NodeFixture.raw(image, cache, aio), alignment);
        try (NodeFixture f = new NodeFixture(node)) {
            for (int round = 0; round < ROUNDS; round++) {
                Step[] steps = new Step[REGIONS];
                for (int region = 0; region < REGIONS; region++) {
                    steps[region] = new Step(f, region);
                }
                f.finish();
                for (Step step : steps) {
                    step.check();
                }
            }
            long bounced = f.loop.counters().value(CounterId.AIO_BOUNCED);
            if (cache.direct()) {
                assertThat(bounced).as("misaligned requests go through a copy").isPositive();
            } else {
                assertThat(bounced).as("the page cache takes any alignment").isZero();
            }
            assertThat(f.run(BlockOp.FLUSH, 0, 0)).isZero();
        }
        assertThat(Files.readAllBytes(image)).isEqualTo(model);
    }

    /** One random request inside its region, so that requests of one round do not overlap but share blocks. */
    private final class Step {
        private static final BlockOp[] OPS = {
            BlockOp.READ, BlockOp.WRITE, BlockOp.FLUSH, BlockOp.DISCARD, BlockOp.WRITE_ZEROES, BlockOp.SECURE_ERASE
        };

        private final NodeFixture.Request request;
        private final MemorySegment buffer;
        private final BlockOp op;
        private final int offset;
        private final int length;

        Step(NodeFixture f, int region) {
            op = OPS[random.nextInt(OPS.length)];
            int sectors = 1 + random.nextInt(40);
            length = sectors * 512;
            offset = region * REGION_BYTES + 512 * random.nextInt(REGION_BYTES / 512 - sectors + 1);
            buffer = f.buffer(length, random.nextInt(3) == 0 ? random.nextInt(512) : 0);
            if (op == BlockOp.WRITE) {
                byte[] data = new byte[length];
                random.nextBytes(data);
                MemorySegment.copy(data, 0, buffer, ValueLayout.JAVA_BYTE, 0, length);
                System.arraycopy(data, 0, model, offset, length);
            } else if (op == BlockOp.WRITE_ZEROES || op == BlockOp.SECURE_ERASE) {
                Arrays.fill(model, offset, offset + length, (byte) 0);
            }
            request = f.request();
            request.block.fua = random.nextBoolean();
            request.block.mayUnmap = random.nextBoolean();
            request.segments(split(buffer)).submit(op, offset, length);
        }

        private MemorySegment[] split(MemorySegment whole) {
            int parts = 1 + random.nextInt(4);
            int[] cuts = random.ints(parts - 1, 1, length).sorted().distinct().toArray();
            MemorySegment[] result = new MemorySegment[cuts.length + 1];
            int from = 0;
            for (int i = 0; i < result.length; i++) {
                int to = i < cuts.length ? cuts[i] : length;
                result[i] = whole.asSlice(from, to - from);
                from = to;
            }
            return result;
        }

        void check() throws IOException {
            assertThat(request.error).as("%s at %d + %d", op, offset, length).isZero();
            if (op == BlockOp.READ) {
                assertThat(buffer.toArray(ValueLayout.JAVA_BYTE))
                        .isEqualTo(Arrays.copyOfRange(model, offset, offset + length));
            } else if (op == BlockOp.DISCARD) {
                adoptDiscarded();
            }
        }

        /** Discarded sectors hold zeroes or, where the file system cannot punch holes, what they held before. */
        private void adoptDiscarded() throws IOException {
            byte[] now = Arrays.copyOfRange(Files.readAllBytes(image), offset, offset + length);
            byte[] before = Arrays.copyOfRange(model, offset, offset + length);
            assertThat(now).isIn(new byte[length], before);
            System.arraycopy(now, 0, model, offset, length);
        }
    }
}
