package ringside.emulator.block.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeadlineHeapTest {
    @Test
    void anyOrder_comesOutByDeadlineAndNotEarlier() {
        DeadlineHeap<Long> heap = new DeadlineHeap<>();
        Random random = new Random(7);
        List<Long> in = new ArrayList<>();
        List<Long> out = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            long deadline = random.nextInt(1_000);
            in.add(deadline);
            heap.add(deadline, deadline);
        }

        assertThat(heap.pollDue(-1)).isNull();
        for (int now = 0; now < 1_000; now++) {
            for (Long item = heap.pollDue(now); item != null; item = heap.pollDue(now)) {
                assertThat(item).isEqualTo(now);
                out.add(item);
            }
        }

        Collections.sort(in);
        assertThat(out).isEqualTo(in);
        assertThat(heap.firstNs()).isEqualTo(Long.MAX_VALUE);
    }
}
