package ringside.emulator.pci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import ringside.emulator.SpecClause;

/** Masks, pending bits and accesses of the MSI-X table. */
class MsixTableTest {
    private static final int ENABLE = 0x8000;
    private static final int FUNCTION_MASK = 0x4000;

    private final List<Integer> sent = new ArrayList<>();
    private final MsixTable msix = new MsixTable(70);

    private InterruptSink sink(boolean masks) {
        return new InterruptSink() {
            @Override
            public void message(int vector, long address, int data) {
                assertThat(data).isEqualTo(vector + 1);
                assertThat(address).isEqualTo(0x1_fee0_0000L + vector * 4096L);
                sent.add(vector);
            }

            @Override
            public void intx(boolean asserted) {
                throw new AssertionError("MSI-X has no line");
            }

            @Override
            public boolean masksVectors() {
                return masks;
            }
        };
    }

    private void program(int vector) {
        msix.writeTable(16L * vector, 8, 0x1_fee0_0000L + vector * 4096L);
        msix.writeTable(16L * vector + 8, 4, vector + 1);
    }

    private void mask(int vector, boolean masked) {
        msix.writeTable(16L * vector + 12, 4, masked ? 1 : 0);
    }

    private MsixTable ready() {
        msix.connect(sink(false));
        for (int v = 0; v < msix.vectors(); v++) {
            program(v);
            mask(v, false);
        }
        msix.control(ENABLE, true);
        return msix;
    }

    private boolean pending(int vector) {
        return (msix.readPending(vector / 64 * 8, 8) >>> vector % 64 & 1) != 0;
    }

    @Test
    @SpecClause("PCI-3.0 6.8.2.9")
    void maskedVector_isSentOnceWhenUnmasked() {
        ready();
        mask(69, true);
        msix.fire(69);
        msix.fire(69);
        msix.fire(3);
        assertThat(sent).containsExactly(3);
        assertThat(pending(69)).isTrue();
        assertThat(pending(3)).isFalse();
        mask(69, false);
        assertThat(sent).containsExactly(3, 69);
        assertThat(pending(69)).isFalse();
        mask(69, true);
        mask(69, false);
        assertThat(sent).hasSize(2);
    }

    @Test
    @SpecClause("PCI-3.0 6.8.2.3")
    void functionMask_holdsBackEveryVector() {
        ready();
        msix.control(ENABLE | FUNCTION_MASK, true);
        msix.fire(0);
        msix.fire(1);
        mask(1, true);
        assertThat(sent).isEmpty();
        msix.control(ENABLE, true);
        assertThat(sent).containsExactly(0);
        mask(1, false);
        assertThat(sent).containsExactly(0, 1);
    }

    @Test
    @SpecClause("PCI-3.0 6.2.2")
    void functionThatMayNotMaster_sendsLater() {
        ready();
        msix.control(ENABLE, false);
        msix.fire(5);
        assertThat(sent).isEmpty();
        msix.control(ENABLE, true);
        assertThat(sent).containsExactly(5);
    }

    @Test
    void sinkWithMasksOfItsOwn_getsEveryMessage() {
        msix.connect(sink(true));
        program(2);
        msix.control(ENABLE | FUNCTION_MASK, true);
        msix.fire(2);
        assertThat(sent).containsExactly(2);
        msix.control(0, true);
        assertThat(msix.enabled()).isFalse();
    }

    @Test
    @SpecClause("PCI-3.0 6.8.2")
    void accesses_areAlignedDoubleOrQuadwords() {
        for (int width : new int[] {1, 2, 3, 4, 8}) {
            for (int offset = 0; offset < 16; offset++) {
                if (width < 4 || offset % width != 0) {
                    msix.writeTable(offset, width, -1);
                }
            }
        }
        assertThat(msix.readTable(0, 8)).isZero();
        assertThat(msix.readTable(8, 8)).as("masked at first").isEqualTo(1L << 32);
        msix.writeTable(8, 8, 0xffff_ffff_1234_5678L);
        assertThat(msix.readTable(8, 4)).isEqualTo(0x1234_5678L);
        assertThat(msix.readTable(12, 4)).as("reserved bits").isEqualTo(1);
        assertThat(msix.readTable(9, 2)).isEqualTo(0x3456);
    }

    @Test
    void accessesOutside_areHarmless() {
        for (long offset : new long[] {-8, -1, 70 * 16 - 4, 70 * 16, 1L << 40, Long.MAX_VALUE - 8}) {
            msix.writeTable(offset, 8, -1);
            assertThat(msix.readTable(offset, 8) & ~1L).isZero();
            assertThat(msix.readPending(offset, 8)).isZero();
        }
        assertThat(msix.pbaBytes()).isEqualTo(16);
        assertThatThrownBy(() -> new MsixTable(2049)).hasMessageContaining("2048");
    }

    @Test
    void reset_masksAndForgets() {
        ready();
        mask(4, true);
        msix.fire(4);
        msix.reset();
        assertThat(msix.enabled()).isFalse();
        assertThat(pending(4)).isFalse();
        assertThat(msix.readTable(16 * 7, 8)).isZero();
        assertThat(msix.readTable(16 * 7 + 12, 4)).isEqualTo(1);
        assertThat(sent).isEmpty();
    }

    /** Whatever is masked meanwhile: after the last event and the last unmasking, the last message has come. */
    @Test
    @Timeout(60)
    void maskingWhileVectorsFire_losesNoMessage() throws InterruptedException {
        AtomicInteger event = new AtomicInteger();
        AtomicInteger seen = new AtomicInteger();
        MsixTable table = new MsixTable(1);
        table.connect(new InterruptSink() {
            @Override
            public void message(int vector, long address, int data) {
                seen.accumulateAndGet(event.get(), Math::max);
            }

            @Override
            public void intx(boolean asserted) {
                // not with MSI-X
            }
        });
        table.control(ENABLE, true);
        for (int round = 0; round < 200; round++) {
            Thread device = new Thread(() -> {
                for (int i = 0; i < 200; i++) {
                    event.incrementAndGet();
                    table.fire(0);
                }
            });
            device.start();
            for (int i = 0; i < 100; i++) {
                table.writeTable(12, 4, i & 1);
            }
            device.join();
            table.writeTable(12, 4, 0);
            assertThat(seen.get()).as("round %d", round).isEqualTo(event.get());
        }
    }
}
