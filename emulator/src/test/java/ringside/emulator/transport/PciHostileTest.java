package ringside.emulator.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static ringside.emulator.device.blk.BlkFixture.RING_SIZE;

import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.SpecClause;
import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.pci.PciHostBridge;
import ringside.emulator.virtqueue.RawSplitRing;

/** A guest that breaks the rules of virtio-pci: the device stays within its bounds and a reset repairs it. */
class PciHostileTest {
    private static final long V1 = VirtioFeatures.VIRTIO_F_VERSION_1;

    private final PciFixture pci = new PciFixture();

    @AfterEach
    void close() {
        pci.close();
    }

    /** CVE-2026-5747: registers of a running queue decided where the device wrote. */
    @Test
    @SpecClause("VIRTIO-1.2 4.1.4.3.2")
    void queueRegistersChangedAfterActivation_areIgnored() {
        pci.start(0);
        pci.select(0);
        for (int field : new int[] {0x18, 0x1a, 0x1c, 0x3a}) {
            pci.common(field, 2, 2);
        }
        for (int field = 0x20; field < 0x38; field += 4) {
            pci.common(field, 4, 0xdead_0000L);
        }
        pci.common(0x20, 8, -16);
        pci.common(0x1c, 2, 1);
        assertThat(pci.common(0x18, 2)).isEqualTo(RING_SIZE);
        assertThat(pci.common(0x20, 8)).isEqualTo(pci.ring(0).descGpa);
        pci.flush(0);
        assertThat(pci.ring(0).usedIdx()).isEqualTo(1);
        assertThat(pci.broken()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 64, 0x7fff, 0x8000, 0xffff})
    void queueThatDoesNotExist_isIgnored(int queue) {
        pci.enableMsix().start(0);
        pci.select(queue);
        pci.common(0x18, 2, 4);
        pci.common(0x1a, 2, 1);
        pci.common(0x20, 8, RawSplitRing.NEXT);
        pci.common(0x1c, 2, 1);
        pci.common(0x3a, 2, 1);
        assertThat(pci.common(0x18, 2) | pci.common(0x1c, 2) | pci.common(0x20, 8))
                .isZero();
        pci.function.barWrite(PciFixture.VIRTIO_BAR, 0x3000 + 4L * queue, 2, queue);
        pci.flush(1);
        assertThat(pci.ring(1).usedIdx()).isEqualTo(1);
        assertThat(pci.broken()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "0x40000001,0x40010000,0x40020000",
        "0x40000000,0x40010001,0x40020000",
        "0x40000000,0x40010000,0x40020002",
        "0x40000000,0x40000000,0x40020000",
        "0x40000000,0x40020000,0x400007fc",
        "0x0,0x40010000,0x40020000",
        "0x40000000,0x0,0x40020000",
        "0x40000000,0x40010000,0x0",
        "0x403ffff0,0x40010000,0x40020000",
        "0x40000000,0x403ffffe,0x40020000",
        "0x40000000,0x40010000,0x403ffffc",
        "0xc0000000,0x40010000,0x40020000",
        "0xfffffffffffff000,0x40010000,0x40020000",
        "0x8000000040000000,0x40010000,0x40020000",
        "0x40000000,0x40010000,0xffffffffffffffc0"
    })
    @SpecClause("VIRTIO-1.2 2.7.1")
    void ringOutsideMemoryMisalignedOrOverlapping_needsAReset(String desc, String avail, String used) {
        pci.negotiate(V1);
        pci.program(0, RING_SIZE, gpa(desc), gpa(avail), gpa(used));
        assertThat(pci.common(0x1c, 2)).isZero();
        assertThat(pci.broken()).isTrue();
        assertThat(pci.messages).as("no notification before DRIVER_OK").isEmpty();
        assertThat(pci.line).isFalse();
        assertThat(pci.function.lastFault()).startsWith("queue 0: ");
        pci.status(15);
        pci.flush(0);
        assertThat(pci.ring(0).usedIdx()).isZero();
        pci.status(0);
        pci.start(0);
        pci.kick(0);
        assertThat(pci.ring(0).usedIdx()).as("a reset repairs it").isEqualTo(1);
    }

    private static long gpa(String hex) {
        return Long.parseUnsignedLong(hex.substring(2), 16);
    }

    @Test
    void queueEnabledBeforeFeaturesOk_needsAReset() {
        pci.status(3);
        pci.enable(0);
        assertThat(pci.common(0x1c, 2)).isZero();
        assertThat(pci.broken()).isTrue();
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.1.3.1")
    void fieldsInAWrongWidth_areNotWritten() {
        for (int offset = 0; offset < 0x40; offset++) {
            for (int width : new int[] {1, 2, 4, 8}) {
                boolean status = offset == 0x14 && width == 1;
                boolean word = width == 2
                        && (offset == 0x10 || offset == 0x16 || offset == 0x18 || offset == 0x1a || offset == 0x1c);
                boolean doubleword = width == 4 && offset % 4 == 0 && (offset < 0x10 || offset >= 0x20);
                boolean address = width == 8 && offset % 8 == 0 && offset >= 0x20;
                if (!status && !word && !doubleword && !address) {
                    pci.common(offset, width, -1);
                }
            }
        }
        assertThat(pci.common(0, 8) & 0xffff_ffffL).isZero();
        assertThat(pci.common(8, 8)).isZero();
        assertThat(pci.status()).isZero();
        assertThat(pci.common(0x10, 2)).isEqualTo(PciFixture.NO_VECTOR);
        assertThat(pci.common(0x16, 4)).isEqualTo((long) RING_SIZE << 16);
        assertThat(pci.common(0x1a, 4)).isEqualTo(PciFixture.NO_VECTOR);
        assertThat(pci.common(0x20, 8) | pci.common(0x28, 8) | pci.common(0x30, 8))
                .isZero();
    }

    @Test
    void readsOfEveryWidthAndOffset_agreeWithTheBytesAndHaveNoEffect() {
        pci.enableMsix().start(0);
        for (int region : new int[] {0, 0x2000, 0x3000}) {
            for (int offset = region; offset < region + 0x48; offset++) {
                long bytes = 0;
                for (int i = 0; i < 8; i++) {
                    bytes |= pci.function.barRead(PciFixture.VIRTIO_BAR, offset + i, 1) << 8 * i;
                }
                assertThat(pci.function.barRead(PciFixture.VIRTIO_BAR, offset, 2))
                        .isEqualTo(bytes & 0xffff);
                assertThat(pci.function.barRead(PciFixture.VIRTIO_BAR, offset, 4))
                        .isEqualTo(bytes & 0xffff_ffffL);
                assertThat(pci.function.barRead(PciFixture.VIRTIO_BAR, offset, 8))
                        .isEqualTo(bytes);
            }
        }
        pci.flush(0);
        assertThat(pci.ring(0).usedIdx()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "-1,0,4",
        "6,0,4",
        "0,0,4",
        "5,0,4",
        "4,-4,4",
        "4,16381,4",
        "4,9223372036854775807,4",
        "4,0,3",
        "4,0,16",
        "4,0,0",
        "1,4094,4",
        "1,-8,8"
    })
    void accessOutsideEveryBar_isHarmless(int bar, long offset, int width) {
        assertThat(pci.function.barRead(bar, offset, width)).isZero();
        pci.function.barWrite(bar, offset, width, -1);
    }

    @ParameterizedTest
    @CsvSource({"0x3001,2", "0x3002,2", "0x3003,1", "0x3000,1", "0x3000,8", "0x3008,2", "0x3ffc,4"})
    void notificationOffTheMark_isIgnored(String offset, int width) {
        pci.start(0);
        pci.offerFlush(0, 0);
        pci.offerFlush(1, 0);
        pci.function.barWrite(PciFixture.VIRTIO_BAR, gpa(offset), width, 0);
        assertThat(pci.ring(0).usedIdx() + pci.ring(1).usedIdx()).isZero();
        pci.function.barWrite(PciFixture.VIRTIO_BAR, 0x3000, 4, 0xffff_ffffL);
        assertThat(pci.ring(0).usedIdx())
                .as("the address decides, not the value")
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "6,0,4",
        "255,0,4",
        "4,1,2",
        "4,2,4",
        "4,0,0",
        "4,0,3",
        "4,0,8",
        "4,0,-1",
        "4,-4,4",
        "0,0,4",
        "4,16384,4"
    })
    @SpecClause("VIRTIO-1.2 4.1.4.9.2")
    void configurationAccessToNowhere_isHarmless(int bar, int offset, int length) {
        int at = pci.capability(5);
        pci.putConfig(at + 4, 1, bar);
        pci.putConfig(at + 8, 4, offset);
        pci.putConfig(at + 12, 4, length);
        pci.putConfig(at + 16, 4, -1);
        assertThat(pci.config(at + 16, 4)).isZero();
        assertThat(pci.status()).isZero();
        assertThat(pci.common(0, 4)).isZero();
    }

    @Test
    @SpecClause("PCI-3.0 6.2.2")
    void functionThatMayNotMaster_finishesWhatIsInFlightAndWaits() {
        pci.start(0);
        pci.blk.node.hold();
        pci.flush(0);
        assertThat(pci.line).isFalse();
        pci.putConfig(PciFixture.COMMAND, 2, PciFixture.MEMORY);
        assertThat(pci.ring(0).usedIdx()).as("drained").isEqualTo(1);
        assertThat(pci.line).as("its driver hears of it").isTrue();
        pci.offerFlush(0, 2);
        pci.kick(0);
        assertThat(pci.blk.node.waiting()).isZero();
        pci.putConfig(PciFixture.COMMAND, 2, PciFixture.MEMORY | PciFixture.MASTER);
        pci.kick(0);
        pci.blk.completeOne();
        assertThat(pci.ring(0).usedIdx()).isEqualTo(2);
        assertThat(pci.ring(0).usedId(1)).isEqualTo(2);
    }

    @Test
    @SpecClause({"PCI-3.0 6.2.2", "PCI-3.0 6.2.5.1"})
    void barMovedWhileRequestsAreInFlight_changesOnlyWhereTheRegistersAre() {
        PciHostBridge bridge = new PciHostBridge();
        long config = PciHostBridge.ECAM_BASE_GPA + bridge.attach(pci.function).ecamOffset();
        long before = 1L << 40;
        long after = before + (1L << 32);
        pci.start(0);
        pci.blk.node.hold();
        bridge.write(config + 0x24, 4, before >>> 32);
        pci.offerFlush(0, 0);
        bridge.write(before + 0x3000, 2, 0);
        assertThat(pci.blk.node.waiting()).isEqualTo(1);
        bridge.write(config + 4, 2, PciFixture.MASTER);
        pci.offerFlush(0, 2);
        bridge.write(before + 0x3000, 2, 0);
        assertThat(bridge.read(before + 0x14, 1)).as("no decoding").isEqualTo(0xff);
        bridge.write(config + 0x24, 4, after >>> 32);
        bridge.write(config + 4, 2, PciFixture.MASTER | PciFixture.MEMORY);
        assertThat(pci.blk.node.waiting()).as("the second kick was lost").isEqualTo(1);
        assertThat(bridge.read(before + 0x14, 1)).isEqualTo(0xff);
        assertThat(bridge.read(after + 0x14, 1)).isEqualTo(15);
        pci.blk.completeOne();
        bridge.write(after + 0x3000, 2, 0);
        pci.blk.completeOne();
        assertThat(pci.ring(0).usedIdx()).isEqualTo(2);
        assertThat(pci.broken()).isFalse();
    }

    @Test
    void statusAndFeaturesWhileAResetIsUnderWay_areIgnored() {
        pci.start(0);
        pci.blk.node.hold();
        pci.flush(0);
        int[] seen = new int[1];
        pci.blk.whileDraining(() -> {
            pci.status(0xff);
            pci.enable(1);
            pci.select(0);
            pci.common(0x3a, 2, 1);
            seen[0] = pci.status();
        });
        pci.status(0);
        assertThat(seen[0]).as("not complete yet").isNotZero();
        assertThat(pci.status()).isZero();
        pci.start(0);
        pci.kick(0);
        assertThat(pci.broken()).isFalse();
    }

    /** Whatever is written wherever: nothing is thrown, and a reset of the function brings back a working device. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void randomAccesses_leaveADeviceThatAResetRepairs(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] fresh = bytes();
        pci.enableMsix().start(VirtioFeatures.VIRTIO_F_RING_RESET);
        int[] widths = {1, 2, 4, 8};
        for (int i = 0; i < 20_000; i++) {
            int width = widths[random.nextInt(4)];
            long value = random.nextInt(3) == 0 ? random.nextLong() : random.nextInt(20);
            switch (random.nextInt(6)) {
                case 0 -> pci.function.configWrite(random.nextInt(-4, 260), width, (int) value);
                case 1 -> pci.function.configRead(random.nextInt(-4, 260), width);
                case 2 -> pci.function.barWrite(PciFixture.MSIX_BAR, random.nextInt(-8, 4100), width, value);
                case 3 -> pci.common(random.nextInt(0x40), width, value);
                case 4 -> pci.function.barRead(random.nextInt(6), random.nextInt(-8, 0x4008), width);
                default -> pci.function.barWrite(random.nextInt(6), random.nextInt(-8, 0x4008), width, value);
            }
        }
        pci.function.reset();
        assertThat(bytes()).isEqualTo(fresh);
        pci.putConfig(PciFixture.COMMAND, 2, PciFixture.MEMORY | PciFixture.MASTER);
        pci.ring(0).availIdx(0);
        pci.messages.clear();
        pci.enableMsix().start(0);
        int before = pci.ring(0).usedIdx();
        pci.flush(0);
        assertThat(pci.ring(0).usedIdx()).isNotEqualTo(before);
        assertThat(pci.messages).containsExactly(1);
    }

    /** As after power-on, that is without bus mastering and memory. */
    private byte[] bytes() {
        pci.function.reset();
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) pci.config(i, 1);
        }
        pci.putConfig(PciFixture.COMMAND, 2, PciFixture.MEMORY | PciFixture.MASTER);
        return bytes;
    }
}
