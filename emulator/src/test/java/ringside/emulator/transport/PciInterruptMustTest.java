package ringside.emulator.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static ringside.emulator.transport.PciFixture.NO_VECTOR;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import ringside.emulator.SpecClause;
import ringside.emulator.device.blk.BlkFixture;

/** The device MUSTs of VIRTIO-1.2 §4.1.4.5.1, §4.1.5.1.2.1, §4.1.5.3.1 and §4.1.5.4.1, one test each. */
class PciInterruptMustTest {
    private static final int CONFIG_VECTOR = 0x10;
    private static final int QUEUE_VECTOR = 0x1a;
    private static final int INTERRUPT_STATUS = 8;

    private final PciFixture pci = new PciFixture();
    private int observed;

    @AfterEach
    void close() {
        pci.close();
    }

    private void changeConfiguration() {
        pci.blk.lock.lock();
        try {
            pci.blk.device.resize(BlkFixture.DISK_BYTES / 2);
        } finally {
            pci.blk.lock.unlock();
        }
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.5.1")
    void configurationBit_isSetBeforeTheNotificationWithMsixToo() {
        pci.onInterrupt = () -> observed = pci.isr();
        pci.start(0);
        changeConfiguration();
        assertThat(observed).isEqualTo(2);
        pci.enableMsix();
        pci.common(CONFIG_VECTOR, 2, 0);
        observed = 0;
        changeConfiguration();
        assertThat(pci.messages).containsExactly(0);
        assertThat(observed).isEqualTo(2);
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.5.1")
    void queueBit_isSetBeforeTheNotificationWithoutMsix() {
        pci.onInterrupt = () -> observed = pci.isr();
        pci.start(0);
        pci.flush(1);
        assertThat(observed).isEqualTo(1);
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.5.1")
    void interruptStatus_isTheOrOfTheIsrBitsWithoutMsix() {
        pci.start(0);
        assertThat(pci.config(6, 2) & INTERRUPT_STATUS).isZero();
        pci.flush(0);
        assertThat(pci.config(6, 2) & INTERRUPT_STATUS).isNotZero();
        assertThat(pci.config(4, 4) >>> 16 & INTERRUPT_STATUS).isNotZero();
        assertThat(pci.line).isTrue();
        changeConfiguration();
        assertThat(pci.isr()).isEqualTo(3);
        assertThat(pci.config(6, 2) & INTERRUPT_STATUS).isZero();
        assertThat(pci.line).isFalse();
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.5.1")
    void disabledIntx_leavesStatusAndDeassertsTheLine() {
        pci.start(0);
        pci.flush(0);
        assertThat(pci.line).isTrue();
        pci.putConfig(4, 2, PciFixture.MEMORY | PciFixture.MASTER | PciFixture.INTX_DISABLE);
        assertThat(pci.line).isFalse();
        assertThat(pci.config(6, 2) & INTERRUPT_STATUS).isNotZero();
        pci.putConfig(4, 2, PciFixture.MEMORY | PciFixture.MASTER);
        assertThat(pci.line).isTrue();
        assertThat(pci.function.intxAsserted()).isTrue();
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.5.1")
    void isrStatus_is0AfterARead() {
        pci.start(0);
        pci.flush(0);
        assertThat(pci.isr()).isEqualTo(1);
        assertThat(pci.isr()).isZero();
        assertThat(pci.line).isFalse();
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.5.1.2.1")
    void tableSize_isTheNumberOfVectors() {
        for (int vectors : new int[] {1, 2, 65, 2048}) {
            try (PciFixture other = new PciFixture(1, vectors)) {
                assertThat((other.config(other.msixControl(), 2) & 0x7ff) + 1).isEqualTo(vectors);
                assertThat(other.table(16 * vectors - 4, 4))
                        .as("masked at first")
                        .isEqualTo(1);
                long size = other.function.bar(PciFixture.MSIX_BAR).sizeBytes();
                assertThat(size).isGreaterThanOrEqualTo(16L * vectors + vectors / 8);
            }
        }
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.5.1.2.1")
    void everyEvent_mapsToEveryValidVector() {
        pci.enableMsix().start(0);
        for (int vector = 0; vector < PciFixture.VECTORS; vector++) {
            pci.select(0);
            pci.common(QUEUE_VECTOR, 2, vector);
            pci.common(CONFIG_VECTOR, 2, vector);
            assertThat(pci.common(QUEUE_VECTOR, 2)).isEqualTo(vector);
            assertThat(pci.common(CONFIG_VECTOR, 2)).isEqualTo(vector);
            pci.messages.clear();
            pci.flush(0);
            changeConfiguration();
            assertThat(pci.messages).containsExactly(vector, vector);
            assertThat(pci.lastAddress).isEqualTo(0xfee0_0000L + 0x1000L * vector);
            assertThat(pci.lastData).isEqualTo(0x40 + vector);
        }
        assertThat(pci.line).isFalse();
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.5.1.2.1")
    void everyEvent_canBeUnmapped() {
        pci.enableMsix().start(0);
        pci.common(CONFIG_VECTOR, 2, NO_VECTOR);
        pci.select(0);
        pci.common(QUEUE_VECTOR, 2, NO_VECTOR);
        pci.flush(0);
        changeConfiguration();
        assertThat(pci.messages).isEmpty();
        pci.flush(1);
        assertThat(pci.messages).as("the other queue is mapped").containsExactly(2);
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.5.1.2.1")
    void mappedVectors_areRead() {
        pci.common(CONFIG_VECTOR, 2, 3);
        pci.select(1);
        pci.common(QUEUE_VECTOR, 2, 2);
        pci.select(0);
        assertThat(pci.common(QUEUE_VECTOR, 2)).as("unmapped").isEqualTo(NO_VECTOR);
        pci.select(1);
        assertThat(pci.common(QUEUE_VECTOR, 2)).isEqualTo(2);
        assertThat(pci.common(CONFIG_VECTOR, 2)).isEqualTo(3);
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.5.1.2.1")
    void allEvents_areUnmappedOnReset() {
        pci.enableMsix().start(0);
        pci.status(0);
        assertThat(pci.common(CONFIG_VECTOR, 2)).isEqualTo(NO_VECTOR);
        for (int q = 0; q < 2; q++) {
            pci.select(q);
            assertThat(pci.common(QUEUE_VECTOR, 2)).isEqualTo(NO_VECTOR);
        }
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.5.1.2.1")
    void mappingThatFails_readsAsNoVector() {
        for (int beyond : new int[] {PciFixture.VECTORS, 0x7ff, 0x800, 0x7fff, 0xfffe}) {
            pci.common(CONFIG_VECTOR, 2, 1);
            pci.common(CONFIG_VECTOR, 2, beyond);
            assertThat(pci.common(CONFIG_VECTOR, 2)).isEqualTo(NO_VECTOR);
            pci.select(0);
            pci.common(QUEUE_VECTOR, 2, 1);
            pci.common(QUEUE_VECTOR, 2, beyond);
            assertThat(pci.common(QUEUE_VECTOR, 2)).isEqualTo(NO_VECTOR);
        }
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.5.3.1")
    void queueWithoutVector_isNotDelivered() {
        pci.enableMsix();
        pci.start(0);
        pci.select(0);
        pci.common(QUEUE_VECTOR, 2, NO_VECTOR);
        pci.flush(0);
        assertThat(pci.ring(0).usedIdx()).isEqualTo(1);
        assertThat(pci.messages).isEmpty();
        assertThat(pci.line).isFalse();
        assertThat(pci.isr()).as("ISR status is of INT#x").isZero();
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.5.4.1")
    void configurationWithoutVector_isNotDelivered() {
        pci.enableMsix();
        pci.start(0);
        pci.common(CONFIG_VECTOR, 2, NO_VECTOR);
        changeConfiguration();
        assertThat(pci.messages).isEmpty();
        assertThat(pci.line).isFalse();
    }
}
