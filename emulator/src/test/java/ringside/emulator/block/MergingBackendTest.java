package ringside.emulator.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MergingBackendTest {
    private static final int BLOCK = 4096;

    private final List<BlockRequest> below = new ArrayList<>();
    private final List<String> completed = new ArrayList<>();
    private int commits;
    private final MergingBackend backend = new MergingBackend(new BlockBackend() {
        @Override
        public void submit(BlockRequest request) {
            below.add(request);
        }

        @Override
        public void commit() {
            commits++;
        }

        @Override
        public void close() {}
    });

    private BlockRequest request(BlockOp op, long block, boolean fua) {
        BlockRequest request =
                new BlockRequest((r, error) -> completed.add(r.op + "@" + r.offsetBytes / BLOCK + ":" + error));
        request.op = op;
        request.fua = fua;
        request.offsetBytes = block * BLOCK;
        request.lengthBytes = op == BlockOp.FLUSH ? 0 : BLOCK;
        request.segmentAddress = new long[] {-1, 1000 + block};
        request.segmentBytes = new int[] {-1, BLOCK};
        request.segmentFirst = 1;
        request.segmentCount = op == BlockOp.FLUSH ? 0 : 1;
        return request;
    }

    private void submit(BlockOp op, long... blocks) {
        for (long block : blocks) {
            backend.submit(request(op, block, false));
        }
    }

    private List<String> seenBelow() {
        return below.stream()
                .map(r -> r.op + " " + r.offsetBytes / BLOCK + "+" + r.lengthBytes / BLOCK)
                .toList();
    }

    @Test
    void adjacentReadsInAnyOrder_becomeOne() {
        submit(BlockOp.READ, 12, 10, 11, 40);
        assertThat(below).isEmpty();

        backend.commit();

        assertThat(seenBelow()).containsExactly("READ 10+3", "READ 40+1");
        assertThat(Arrays.copyOf(below.getFirst().segmentAddress, 3)).containsExactly(1010, 1011, 1012);
        assertThat(commits).isEqualTo(1);
    }

    @Test
    void mergedRequest_givesEachPartTheOutcome() {
        submit(BlockOp.WRITE, 1, 2);
        backend.commit();

        below.getFirst().completion.completed(below.getFirst(), 5);

        assertThat(completed).containsExactly("WRITE@1:5", "WRITE@2:5");
    }

    @Test
    void otherKind_endsTheBatch() {
        submit(BlockOp.WRITE, 1, 2);
        submit(BlockOp.FLUSH, 0);
        submit(BlockOp.WRITE, 3);
        submit(BlockOp.READ, 4);
        backend.commit();

        assertThat(seenBelow()).containsExactly("WRITE 1+2", "FLUSH 0+0", "WRITE 3+1", "READ 4+1");
    }

    @Test
    void writesThatMustBeStable_areNotMergedWithOthers() {
        backend.submit(request(BlockOp.WRITE, 1, true));
        backend.submit(request(BlockOp.WRITE, 2, false));
        backend.commit();

        assertThat(seenBelow()).containsExactly("WRITE 1+1", "WRITE 2+1");
    }

    @Test
    void sameBlockTwice_keepsItsOrderAndIsNotMerged() {
        BlockRequest first = request(BlockOp.WRITE, 7, false);
        BlockRequest second = request(BlockOp.WRITE, 7, false);
        backend.submit(first);
        backend.submit(second);
        backend.commit();

        assertThat(below).containsExactly(first, second);
    }

    @Test
    void randomBatches_loseNothing() {
        Random random = new Random(3);
        int expected = 0;
        for (int batch = 0; batch < 500; batch++) {
            int size = random.nextInt(70);
            for (int i = 0; i < size; i++) {
                submit(random.nextInt(4) == 0 ? BlockOp.WRITE : BlockOp.READ, random.nextInt(20));
            }
            expected += size;
            backend.commit();
            assertThat(below.stream().mapToLong(r -> r.lengthBytes / BLOCK).sum())
                    .isEqualTo(size);
            below.forEach(r -> r.completion.completed(r, 0));
            below.clear();
        }
        assertThat(completed).hasSize(expected);
    }
}
