package ringside.emulator.virtqueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import ringside.emulator.SpecClause;
import ringside.emulator.memory.GuestAllocator;
import ringside.emulator.memory.GuestMemories;
import ringside.emulator.memory.GuestMemory;

/** The bytes that our driver side writes, read back at the offsets of the specification. */
class DriverVirtqueueTest {
    private static final int SIZE = 4;
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final GuestMemory memory = GuestMemories.one();

    @AfterEach
    void close() {
        memory.close();
    }

    private DriverVirtqueue driver(boolean eventIdx, int indirectEntries) {
        return DriverVirtqueue.create(
                memory,
                new GuestAllocator(memory),
                SIZE,
                RingFeatures.split(indirectEntries > 0, eventIdx),
                indirectEntries);
    }

    private long at(long gpa) {
        return memory.translate(gpa, 1);
    }

    private int u16(long gpa) {
        return Short.toUnsignedInt(memory.ram().get(U16, at(gpa)));
    }

    private void assertEntry(long gpa, long addr, int len, int flags) {
        assertThat(memory.ram().get(U64, at(gpa))).isEqualTo(addr);
        assertThat(memory.ram().get(U32, at(gpa + 8))).isEqualTo(len);
        assertThat(u16(gpa + 12)).isEqualTo(flags);
    }

    /** The device's side of the used ring, by hand. */
    private void use(DriverVirtqueue driver, int slot, int id, int len, int newIdx) {
        long used = driver.addresses().usedGpa();
        memory.ram().set(U32, at(used + 4 + 8L * slot), id);
        memory.ram().set(U32, at(used + 8 + 8L * slot), len);
        memory.ram().set(U16, at(used + 2), (short) newIdx);
    }

    @Test
    @SpecClause({"VIRTIO-1.2 2.7.1", "VIRTIO-1.2 2.7.10.1", "VIRTIO-1.2 2.7.7.1"})
    void freshRing_isAlignedDisjointAndZero() {
        DriverRingAddresses at = driver(true, 0).addresses();
        assertThat(at.descGpa() % 16).isZero();
        assertThat(at.availGpa() % 2).isZero();
        assertThat(at.usedGpa() % 4).isZero();
        assertThat(new VirtqueueConfig(SIZE, at.descGpa(), at.availGpa(), at.usedGpa(), true, true).problem(memory))
                .isEmpty();
        assertThat(u16(at.availGpa())).isZero();
        assertThat(u16(at.availGpa() + 2)).isZero();
        assertThat(u16(at.usedGpa())).isZero();
    }

    @Test
    @SpecClause({"VIRTIO-1.2 2.7.5", "VIRTIO-1.2 2.7.13.1", "VIRTIO-1.2 2.7.13.3.1"})
    void directChain_isWrittenAsTheSpecificationHasIt() {
        DriverVirtqueue driver = driver(false, 0);
        int head = driver.add(new long[] {0x111, 0x222, 0x333}, new int[] {16, 512, 1}, 1, 3);
        DriverRingAddresses at = driver.addresses();
        assertThat(u16(at.availGpa() + 2)).as("not published yet").isZero();
        driver.publish();
        assertThat(u16(at.availGpa() + 2)).isEqualTo(1);
        assertThat(u16(at.availGpa() + 4)).isEqualTo(head);
        long first = at.descGpa() + 16L * head;
        assertEntry(first, 0x111, 16, 1);
        long second = at.descGpa() + 16L * u16(first + 14);
        assertEntry(second, 0x222, 512, 1 | 2);
        assertEntry(at.descGpa() + 16L * u16(second + 14), 0x333, 1, 2);
    }

    @Test
    @SpecClause({"VIRTIO-1.2 2.7.5.3.1", "VIRTIO-1.2 2.7.5.3"})
    void indirectChain_isOneDescriptorAndATable() {
        DriverVirtqueue driver = driver(false, 3);
        int head = driver.add(new long[] {0x111, 0x222}, new int[] {16, 1}, 1, 2);
        long ringEntry = driver.addresses().descGpa() + 16L * head;
        long table = memory.ram().get(U64, at(ringEntry));
        assertEntry(ringEntry, table, 32, 4);
        assertEntry(table, 0x111, 16, 1);
        assertThat(u16(table + 14)).isEqualTo(1);
        assertEntry(table + 16, 0x222, 1, 2);
    }

    @Test
    void fullRing_refusesUntilAChainReturns() {
        DriverVirtqueue driver = driver(false, 0);
        long[] gpa = {1, 2, 3};
        int[] bytes = {1, 1, 1};
        int head = driver.add(gpa, bytes, 1, 3);
        assertThat(driver.fits(2)).isFalse();
        assertThat(driver.add(gpa, bytes, 1, 2)).isEqualTo(DriverVirtqueue.NONE);
        assertThat(driver.add(gpa, bytes, 1, 1)).isNotEqualTo(DriverVirtqueue.NONE);
        assertThat(driver.nextHead()).isEqualTo(DriverVirtqueue.NONE);
        driver.publish();
        use(driver, 0, head, 5, 1);
        assertThat(driver.pollUsed()).isEqualTo(head);
        assertThat(driver.usedLength()).isEqualTo(5);
        assertThat(driver.fits(3)).isTrue();
        assertThat(driver.pollUsed()).isEqualTo(DriverVirtqueue.NONE);
    }

    @Test
    void headThatIsNotInFlight_isAnErrorNotACorruptFreeList() {
        for (int id : new int[] {2, SIZE, -1, Integer.MIN_VALUE}) {
            DriverVirtqueue driver = driver(false, 0);
            driver.add(new long[] {1}, new int[] {1}, 1, 1);
            driver.publish();
            use(driver, 0, id, 0, 1);
            assertThatThrownBy(driver::pollUsed)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("head " + id);
        }
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.7.10.1")
    void withoutEventIdx_kickFollowsUsedFlagsOnly() {
        DriverVirtqueue driver = driver(false, 0);
        long used = driver.addresses().usedGpa();
        memory.ram().set(U16, at(used + 4 + 8L * SIZE), (short) 0x7777);
        assertThat(publishOne(driver)).isTrue();
        memory.ram().set(U16, at(used), (short) 1);
        assertThat(publishOne(driver)).isFalse();
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.7.10.1")
    void withEventIdx_kickFollowsAvailEventOnly() {
        DriverVirtqueue driver = driver(true, 0);
        long used = driver.addresses().usedGpa();
        memory.ram().set(U16, at(used), (short) 1);
        memory.ram().set(U16, at(used + 4 + 8L * SIZE), (short) 1);
        assertThat(publishOne(driver)).isFalse();
        assertThat(publishOne(driver)).isTrue();
        assertThat(publishOne(driver)).isFalse();
    }

    private static boolean publishOne(DriverVirtqueue driver) {
        driver.add(new long[] {1}, new int[] {1}, 1, 1);
        driver.publish();
        return driver.needsKick();
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.7.7.1")
    void interruptSuppression_usesFlagsOrUsedEvent() {
        DriverVirtqueue flags = driver(false, 0);
        long avail = flags.addresses().availGpa();
        flags.disableInterrupts();
        assertThat(u16(avail)).isEqualTo(1);
        assertThat(flags.enableInterrupts()).isFalse();
        assertThat(u16(avail)).isZero();

        DriverVirtqueue events = driver(true, 0);
        long eventAvail = events.addresses().availGpa();
        events.disableInterrupts();
        assertThat(u16(eventAvail)).as("flags must be 0 with EVENT_IDX").isZero();
        events.add(new long[] {1}, new int[] {1}, 1, 1);
        use(events, 0, 0, 0, 1);
        assertThat(events.enableInterrupts()).isTrue();
        events.pollUsed();
        assertThat(events.enableInterrupts()).isFalse();
        assertThat(u16(eventAvail + 4 + 2L * SIZE)).as("used_event").isEqualTo(1);
    }

    @Test
    void chainLongerThanItsTable_isRefused() {
        DriverVirtqueue driver = driver(false, 2);
        assertThatThrownBy(() -> driver.add(new long[3], new int[3], 1, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("indirect table of 2");
    }
}
