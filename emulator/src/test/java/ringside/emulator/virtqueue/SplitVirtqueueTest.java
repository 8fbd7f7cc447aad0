package ringside.emulator.virtqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static ringside.emulator.virtqueue.RawSplitRing.INDIRECT;
import static ringside.emulator.virtqueue.RawSplitRing.NEXT;
import static ringside.emulator.virtqueue.RawSplitRing.WRITE;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.SpecClause;
import ringside.emulator.memory.GuestMemories;
import ringside.emulator.memory.GuestMemory;

/** What the device side makes of legal rings. */
class SplitVirtqueueTest {
    private static final int SIZE = 16;
    private static final long BASE = GuestMemories.BASE_GPA;
    private static final long BUFFER = BASE + 0x10000;
    private static final long TABLE = BASE + 0x20008; // nothing aligns an indirect table to its 16 bytes

    private final GuestMemory memory = GuestMemories.two();
    private final RawSplitRing ring = new RawSplitRing(memory, SIZE, BASE);
    private final DescriptorChain chain = new DescriptorChain();

    @AfterEach
    void close() {
        memory.close();
    }

    private void readHead(Virtqueue queue, int head) {
        assertThat(queue.nextHead()).isEqualTo(head);
        assertThat(queue.readChain(head, chain)).as("%s", queue.fault()).isTrue();
    }

    private long host(long gpa) {
        return memory.hostAddress() + memory.translate(gpa, 1);
    }

    @Test
    @SpecClause({"VIRTIO-1.2 2.7.4.1", "VIRTIO-1.2 2.7.4.2"})
    void scatteredChain_isCopiedInOrder() {
        long[] gpa = {BUFFER + 1, GuestMemories.SECOND_GPA, BUFFER + 3, BUFFER, GuestMemories.SECOND_GPA + 4095};
        int[] bytes = {1, 15, 4096, 512, 3};
        int[] index = {7, 2, 15, 0, 9};
        for (int i = 0; i < index.length; i++) {
            int next = i + 1 < index.length ? index[i + 1] : 0;
            int flags = (i >= 3 ? WRITE : 0) | (i + 1 < index.length ? NEXT : 0);
            ring.desc(index[i], gpa[i], bytes[i], flags, next);
        }
        readHead(ring.offer(7).activate(false, false), 7);
        assertThat(chain.segments()).isEqualTo(5);
        assertThat(chain.readableSegments()).isEqualTo(3);
        assertThat(chain.readableBytes()).isEqualTo(1 + 15 + 4096);
        assertThat(chain.writableBytes()).isEqualTo(512 + 3);
        for (int i = 0; i < gpa.length; i++) {
            assertThat(chain.addresses()[i]).isEqualTo(host(gpa[i]));
            assertThat(chain.lengths()[i]).isEqualTo(bytes[i]);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    @SpecClause("VIRTIO-1.2 2.7.5.3.2")
    void normalDescriptorsThenATable_areOneChain(int normal) {
        for (int i = 0; i < normal; i++) {
            ring.desc(i, BUFFER + i, 1 + i, NEXT, i + 1);
        }
        ring.desc(normal, TABLE, 3 * 16, INDIRECT, 0xffff);
        ring.entry(TABLE, BUFFER + 100, 10, NEXT, 2);
        ring.entry(TABLE + 32, BUFFER + 200, 20, NEXT | WRITE, 1);
        ring.entry(TABLE + 16, BUFFER + 300, 30, WRITE, 0);
        readHead(ring.offer(0).activate(true, false), 0);
        assertThat(chain.segments()).isEqualTo(normal + 3);
        assertThat(chain.readableSegments()).isEqualTo(normal + 1);
        assertThat(chain.writableBytes()).isEqualTo(50);
        assertThat(chain.addresses()[normal + 1]).isEqualTo(host(BUFFER + 200));
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.7.5.3.2")
    void writeFlagOnTheDescriptorOfATable_isIgnored() {
        ring.desc(0, TABLE, 2 * 16, INDIRECT | WRITE, 0);
        ring.entry(TABLE, BUFFER, 16, NEXT, 1);
        ring.entry(TABLE + 16, BUFFER, 1, WRITE, 0);
        readHead(ring.offer(0).activate(true, false), 0);
        assertThat(chain.readableBytes()).isEqualTo(16);
        assertThat(chain.writableBytes()).isEqualTo(1);
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.7.5.3.1")
    void longestChains_areAccepted() {
        for (int i = 0; i < SIZE; i++) {
            ring.desc(i, BUFFER, 1, i + 1 < SIZE ? NEXT : 0, i + 1);
            ring.entry(TABLE + 16L * i, BUFFER, 1, i + 1 < SIZE ? NEXT : 0, i + 1);
        }
        Virtqueue queue = ring.offer(0).activate(true, false);
        readHead(queue, 0);
        assertThat(chain.segments()).isEqualTo(SIZE);
        ring.desc(3, TABLE, 16L * SIZE, INDIRECT, 0).offer(3);
        readHead(queue, 3);
        assertThat(chain.segments()).isEqualTo(SIZE);
        ring.desc(1, TABLE + 16, 16L * (SIZE - 1), INDIRECT, 0).offer(0);
        for (int i = 0; i < SIZE - 1; i++) {
            ring.entry(TABLE + 16 + 16L * i, BUFFER, 1, i + 2 < SIZE ? NEXT : 0, i + 1);
        }
        readHead(queue, 0);
        assertThat(chain.segments()).isEqualTo(SIZE);
    }

    @Test
    void chainOfAReusedCursor_holdsNothingOfTheOneBefore() {
        ring.desc(0, BUFFER, 16, NEXT, 1).desc(1, BUFFER, 9, WRITE, 0).desc(2, BUFFER, 5, 0, 0);
        Virtqueue queue = ring.offer(0).offer(2).activate(false, false);
        readHead(queue, 0);
        readHead(queue, 2);
        assertThat(chain.segments()).isEqualTo(1);
        assertThat(chain.readableBytes()).isEqualTo(5);
        assertThat(chain.writableBytes()).isZero();
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.7.10.1")
    void garbageInTheUsedRing_isNotRead() {
        ring.garbageInUsed(0xbeef).desc(3, BUFFER, 1, WRITE, 0).offer(3);
        Virtqueue queue = ring.activate(false, false);
        readHead(queue, 3);
        queue.addUsed(3, 1);
        queue.publishUsed();
        assertThat(ring.usedIdx()).isEqualTo(1);
        assertThat(ring.usedId(0)).isEqualTo(3);
        assertThat(ring.usedLen(0)).isEqualTo(1);
    }

    @Test
    @SpecClause({"VIRTIO-1.2 2.7.5.1", "VIRTIO-1.2 2.7.8.2"})
    void usedElements_areInvisibleUntilPublished() {
        ring.desc(0, BUFFER, 1, WRITE, 0).desc(1, BUFFER, 1, WRITE, 0).offer(0).offer(1);
        byte[] table = ring.bytes(ring.descGpa, 16 * SIZE);
        Virtqueue queue = ring.activate(false, false);
        readHead(queue, 0);
        readHead(queue, 1);
        assertThat(queue.hasUnannounced()).isFalse();
        queue.addUsed(1, 7);
        queue.addUsed(0, 0xffff_ffff);
        assertThat(ring.usedIdx()).isZero();
        queue.publishUsed();
        assertThat(queue.hasUnannounced()).isTrue();
        queue.needsNotification();
        assertThat(queue.hasUnannounced()).isFalse();
        assertThat(ring.usedIdx()).isEqualTo(2);
        assertThat(ring.usedId(0)).isEqualTo(1);
        assertThat(ring.usedLen(0)).isEqualTo(7);
        assertThat(ring.usedLen(1)).isEqualTo(0xffff_ffffL);
        assertThat(ring.bytes(ring.descGpa, 16 * SIZE)).as("descriptor table").isEqualTo(table);
    }

    @ParameterizedTest
    @CsvSource({"0", "3", "6", "-8", "65536", "12"})
    void sizeThatIsNoPowerOfTwoInRange_isRefused(int size) {
        assertProblem(new VirtqueueConfig(size, BASE, BASE + 0x1000, BASE + 0x2000, false, false), "power of two");
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.7.1")
    void misalignedParts_areRefused() {
        for (int by : new int[] {1, 2, 4, 8}) {
            assertProblem(new VirtqueueConfig(8, BASE + by, BASE + 0x1000, BASE + 0x2000, false, false), "aligned");
        }
        assertProblem(new VirtqueueConfig(8, BASE, BASE + 0x1001, BASE + 0x2000, false, false), "aligned");
        assertProblem(new VirtqueueConfig(8, BASE, BASE + 0x1000, BASE + 0x2002, false, false), "aligned");
        assertThat(new VirtqueueConfig(8, BASE + 16, BASE + 0x1002, BASE + 0x2004, false, false).problem(memory))
                .isEmpty();
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.7.1")
    void partsThatOverlapOrLeaveMemory_areRefused() {
        long end = BASE + GuestMemories.REGION_BYTES;
        assertProblem(new VirtqueueConfig(8, BASE, BASE + 126, BASE + 0x2000, false, false), "overlap");
        assertProblem(new VirtqueueConfig(8, BASE, BASE + 0x1000, BASE + 124, false, false), "overlap");
        assertProblem(new VirtqueueConfig(8, BASE, BASE + 0x1000, BASE + 0x1014, false, false), "overlap");
        assertProblem(new VirtqueueConfig(8, BASE, BASE, BASE, false, false), "overlap");
        assertProblem(new VirtqueueConfig(8, 0, BASE, BASE + 0x1000, false, false), "outside");
        assertProblem(new VirtqueueConfig(8, end - 112, BASE, BASE + 0x1000, false, false), "outside");
        assertProblem(new VirtqueueConfig(8, BASE, end - 20, BASE + 0x1000, false, false), "outside");
        assertProblem(new VirtqueueConfig(8, BASE, BASE + 0x1000, end - 68, false, false), "outside");
        assertProblem(new VirtqueueConfig(8, BASE, BASE + 0x1000, -4096, false, false), "outside");
    }

    private void assertProblem(VirtqueueConfig config, String text) {
        assertThat(config.problem(memory))
                .hasValueSatisfying(problem -> assertThat(problem).contains(text));
        assertThatThrownBy(() -> config.activate(memory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 256, 32768})
    @SpecClause("VIRTIO-1.2 2.7.2")
    void everyPowerOfTwo_isAccepted(int size) {
        RawSplitRing any = new RawSplitRing(memory, size, BASE);
        Virtqueue queue =
                any.desc(size - 1, BUFFER, 1, WRITE, 0).offer(size - 1).activate(false, true);
        assertThat(queue.size()).isEqualTo(size);
        readHead(queue, size - 1);
    }
}
