package ringside.emulator.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import ringside.emulator.eventloop.LoopTask;

class NullNodeTest {
    private static final long LATENCY_NS = 3_000_000;

    private static NodeFixture open(long latencyNs, boolean readZeroes) {
        return new NodeFixture(BlockNodes.open(new BlockNodeSpec.Null(1 << 20, latencyNs, readZeroes)));
    }

    @Test
    void withoutLatency_completesBeforeSubmitReturns() {
        try (NodeFixture f = open(0, false)) {
            MemorySegment buffer = f.buffer(4096, 0).fill((byte) 7);
            assertThat(f.request().segments(buffer).submit(BlockOp.READ, 0, 4096).error)
                    .isZero();
            assertThat(buffer.toArray(ValueLayout.JAVA_BYTE)).containsOnly(7);
        }
    }

    @Test
    void readZeroes_fillsReadsAndLeavesWritesAlone() {
        try (NodeFixture f = open(0, true)) {
            MemorySegment first = f.buffer(512, 0).fill((byte) 7);
            MemorySegment second = f.buffer(512, 1).fill((byte) 7);
            f.run(BlockOp.WRITE, 0, 1024, first, second);
            assertThat(first.toArray(ValueLayout.JAVA_BYTE)).containsOnly(7);
            f.run(BlockOp.READ, 0, 1024, first, second);
            assertThat(first.toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
            assertThat(second.toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
        }
    }

    @Test
    void withLatency_completesNotBeforeItsTimeAndInOrder() {
        try (NodeFixture f = open(LATENCY_NS, false)) {
            LoopTask task = (LoopTask) f.backend;
            assertThat(task.deadlineNs()).isEqualTo(Long.MAX_VALUE);
            long start = System.nanoTime();
            NodeFixture.Request first = f.request().segments().submit(BlockOp.FLUSH, 0, 0);
            assertThat(first.error).isEqualTo(NodeFixture.PENDING);
            assertThat(task.deadlineNs() - start).isGreaterThanOrEqualTo(LATENCY_NS);
            f.finish();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(LATENCY_NS);
            assertThat(task.deadlineNs()).isEqualTo(Long.MAX_VALUE);
            assertThat(f.loop.wakes()).as("the loop learns of the new deadline").isPositive();
        }
    }

    @Test
    void moreRequestsThanTheRingHolds_allComplete() {
        try (NodeFixture f = open(LATENCY_NS, false)) {
            NodeFixture.Request[] requests = new NodeFixture.Request[1000];
            for (int i = 0; i < requests.length; i++) {
                requests[i] = f.request().segments().submit(BlockOp.FLUSH, 0, 0);
            }
            f.finish();
            assertThat(requests).allMatch(request -> request.error == 0);
        }
    }

    @Test
    void delayedRequests_completeInTheOrderOfSubmissionAlsoWhenTheySubmitAgain() {
        int inFlight = 100;
        int total = 1000;
        try (NodeFixture f = open(100_000, false)) {
            List<Integer> order = new ArrayList<>();
            int[] submitted = {0};
            BlockRequest[] requests = new BlockRequest[inFlight];
            for (int i = 0; i < inFlight; i++) {
                int number = i;
                requests[i] = new BlockRequest((request, error) -> {
                    assertThat(error).isZero();
                    order.add(number);
                    if (submitted[0] < total) {
                        submitted[0]++;
                        f.backend.submit(request);
                    }
                });
                requests[i].op = BlockOp.FLUSH;
                submitted[0]++;
                f.backend.submit(requests[i]);
            }
            f.backend.commit();
            f.loop.pollUntil(() -> order.size() == total);
            for (int i = 0; i < total; i++) {
                assertThat(order.get(i)).isEqualTo(i % inFlight);
            }
        }
    }

    @Test
    void sizeThatIsNotAMultipleOf512_isRefused() {
        assertThatThrownBy(() -> new BlockNodeSpec.Null(1000, 0, false)).hasMessageContaining("multiple of 512");
    }
}
