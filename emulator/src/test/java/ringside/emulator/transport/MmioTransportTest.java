package ringside.emulator.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static ringside.emulator.device.blk.BlkFixture.ACK_AND_DRIVER;
import static ringside.emulator.device.blk.BlkFixture.RING_SIZE;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.SpecClause;
import ringside.emulator.device.DeviceStatus;
import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.device.blk.BlkFixture;

/** Registers, negotiation and configuration space, before any queue works. */
class MmioTransportTest {
    private static final long V1 = VirtioFeatures.VIRTIO_F_VERSION_1;

    private final BlkFixture blk = new BlkFixture();

    @AfterEach
    void close() {
        blk.close();
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.2.2.1")
    void identityRegisters_readAsTheSpecificationSays() {
        assertThat(blk.read(0x000)).isEqualTo(0x74726976L);
        assertThat(blk.read(0x004)).isEqualTo(2);
        assertThat(blk.read(0x008)).isEqualTo(2);
        assertThat(blk.read(0x00c)).isNotZero();
        assertThat(blk.read(MmioRegisters.STATUS)).isZero();
        assertThat(blk.read(MmioRegisters.INTERRUPT_STATUS)).isZero();
    }

    @Test
    @SpecClause({"VIRTIO-1.2 6.2", "VIRTIO-1.2 2.2.2", "VIRTIO-1.2 5.2.5.2"})
    void offer_hasVersion1AndFlushAndNothingBeyondSelectOne() {
        assertThat(blk.offered() & V1).isNotZero();
        assertThat(blk.offered() & BlkConstants.VIRTIO_BLK_F_FLUSH).isNotZero();
        for (long select : new long[] {2, 3, 0x7fff_ffffL, 0xffff_ffffL}) {
            blk.write(MmioRegisters.DEVICE_FEATURES_SEL, select);
            assertThat(blk.read(MmioRegisters.DEVICE_FEATURES)).isZero();
        }
    }

    @Test
    @SpecClause({"VIRTIO-1.2 2.2.2", "VIRTIO-1.2 6.2"})
    void everySingleFeatureWithVersion1_isAccepted() {
        long offered = blk.offered();
        for (int bit = 0; bit < 64; bit++) {
            blk.write(MmioRegisters.STATUS, 0);
            long feature = 1L << bit;
            assertThat(blk.negotiate(V1 | feature)).as("bit %d", bit).isEqualTo((offered & feature) != 0);
        }
        blk.write(MmioRegisters.STATUS, 0);
        assertThat(blk.negotiate(offered)).isTrue();
    }

    @Test
    @SpecClause("VIRTIO-1.2 6.1")
    void missingVersion1_leavesFeaturesOkClear() {
        assertThat(blk.negotiate(0)).isFalse();
        blk.write(MmioRegisters.STATUS, 0);
        assertThat(blk.negotiate(blk.offered() & ~V1)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 3, 31, 0x8000_0000L, 0xffff_ffffL})
    @SpecClause({"VIRTIO-1.2 2.2.1", "VIRTIO-1.2 2.2.2"})
    void featureWordBeyondTheOffer_leavesFeaturesOkClear(long select) {
        blk.write(MmioRegisters.DRIVER_FEATURES_SEL, select);
        blk.write(MmioRegisters.DRIVER_FEATURES, 1);
        assertThat(blk.negotiate(V1)).isFalse();
        blk.write(MmioRegisters.STATUS, 0);
        assertThat(blk.negotiate(V1)).as("a reset forgets the refused bits").isTrue();
    }

    @Test
    @SpecClause("VIRTIO-1.2 3.1.1")
    void featuresChangedAfterFeaturesOk_areIgnored() {
        blk.negotiate(V1);
        blk.write(MmioRegisters.DRIVER_FEATURES_SEL, 0);
        blk.write(MmioRegisters.DRIVER_FEATURES, BlkConstants.VIRTIO_BLK_F_CONFIG_WCE);
        blk.enable(0);
        blk.driverOk();
        long writeback = MmioRegisters.CONFIG + BlkConstants.CONFIG_WRITEBACK;
        blk.transport.write((int) writeback, 1, 1);
        assertThat(blk.transport.read((int) writeback, 1))
                .as("CONFIG_WCE was not negotiated")
                .isZero();
    }

    @Test
    void driverOkWithoutFeaturesOk_isNotAccepted() {
        blk.write(MmioRegisters.STATUS, ACK_AND_DRIVER | DeviceStatus.DRIVER_OK);
        assertThat(blk.read(MmioRegisters.STATUS)).isEqualTo(ACK_AND_DRIVER);
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.1.1")
    void statusBitsThatTheDriverClears_staySet() {
        blk.start(0);
        blk.write(MmioRegisters.STATUS, DeviceStatus.ACKNOWLEDGE);
        assertThat(blk.read(MmioRegisters.STATUS))
                .isEqualTo(ACK_AND_DRIVER | DeviceStatus.FEATURES_OK | DeviceStatus.DRIVER_OK);
        blk.write(MmioRegisters.STATUS, DeviceStatus.DEVICE_NEEDS_RESET | DeviceStatus.FAILED);
        assertThat(blk.broken()).as("only the device sets NEEDS_RESET").isFalse();
        assertThat(blk.read(MmioRegisters.STATUS) & DeviceStatus.FAILED).isNotZero();
    }

    @Test
    @SpecClause({"VIRTIO-1.2 2.4.1", "VIRTIO-1.2 4.2.2.1"})
    void resetInEveryState_clearsStatusInterruptsAndQueues() {
        Runnable[] states = {
            () -> {},
            () -> blk.write(MmioRegisters.STATUS, ACK_AND_DRIVER),
            () -> blk.negotiate(V1),
            () -> blk.negotiate(1L << 63),
            () -> {
                blk.negotiate(V1);
                blk.enable(0);
            },
            () -> blk.start(0),
            () -> {
                blk.start(0);
                blk.rings.getFirst().availIdx(0x8000);
                blk.kick(0);
                assertThat(blk.broken()).isTrue();
                assertThat(blk.read(MmioRegisters.INTERRUPT_STATUS)).isEqualTo(2);
            },
            () -> blk.write(MmioRegisters.STATUS, DeviceStatus.FAILED)
        };
        for (Runnable state : states) {
            state.run();
            blk.write(MmioRegisters.STATUS, 0);
            assertThat(blk.read(MmioRegisters.STATUS)).isZero();
            assertThat(blk.read(MmioRegisters.INTERRUPT_STATUS)).isZero();
            blk.write(MmioRegisters.QUEUE_SEL, 0);
            assertThat(blk.read(MmioRegisters.QUEUE_READY)).isZero();
            blk.rings.getFirst().availIdx(0);
        }
        assertThat(blk.negotiate(V1))
                .as("the same features are accepted after a reset")
                .isTrue();
    }

    @Test
    @SpecClause({"VIRTIO-1.2 2.5.2", "VIRTIO-1.2 5.2.4", "VIRTIO-1.2 5.2.5.2"})
    void configuration_isReadableBeforeFeaturesOkInEveryWidth() {
        assertThat(config(0, 4)).isEqualTo(BlkFixture.DISK_BYTES / 512);
        assertThat(config(4, 4)).isZero();
        assertThat(config(0, 8)).isEqualTo(BlkFixture.DISK_BYTES / 512);
        assertThat(config(12, 4)).isEqualTo(RING_SIZE - 2);
        assertThat(config(20, 4)).isEqualTo(512);
        assertThat(config(24, 1)).as("physical_block_exp of 4096").isEqualTo(3);
        assertThat(config(26, 2)).isEqualTo(8);
        assertThat(config(32, 1)).as("writeback").isEqualTo(1);
        assertThat(config(33, 1)).as("unused0").isZero();
        assertThat(config(34, 2)).as("num_queues").isEqualTo(1);
        assertThat(config(36, 4)).as("max_discard_sectors").isPositive();
        assertThat(config(40, 4)).isEqualTo(1);
        assertThat(config(48, 4)).as("max_write_zeroes_sectors").isPositive();
        assertThat(config(56, 1)).as("write_zeroes_may_unmap").isEqualTo(1);
        assertThat(config(57, 1) | config(58, 2)).as("unused1").isZero();
        for (int offset = 0; offset < 60; offset += 4) {
            long bytes = 0;
            for (int i = 0; i < 4; i++) {
                bytes |= config(offset + i, 1) << (8 * i);
            }
            assertThat(config(offset, 4)).isEqualTo(bytes);
        }
    }

    private long config(int offset, int widthBytes) {
        return blk.transport.read(MmioRegisters.CONFIG + offset, widthBytes);
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.5.1")
    void configurationBeyondTheEnd_readsZeroAndIgnoresWrites() {
        blk.start(BlkConstants.VIRTIO_BLK_F_CONFIG_WCE | BlkConstants.VIRTIO_BLK_F_FLUSH);
        assertThat(config(58, 8)).isZero();
        for (int offset : new int[] {60, 61, 0x7ff, 0x7fff_fe00}) {
            blk.transport.write(MmioRegisters.CONFIG + offset, 4, -1);
            assertThat(config(offset, 4)).isZero();
        }
        for (int offset = 0; offset < 60; offset++) {
            for (int width : new int[] {1, 2, 4, 8}) {
                if (offset != BlkConstants.CONFIG_WRITEBACK || width != 1) {
                    long before = config(offset, width);
                    blk.transport.write(MmioRegisters.CONFIG + offset, width, ~before);
                    assertThat(config(offset, width))
                            .as("offset %d width %d", offset, width)
                            .isEqualTo(before);
                }
            }
        }
    }

    @Test
    @SpecClause({"VIRTIO-1.2 3.1.1", "VIRTIO-1.2 5.2.5.1"})
    void writebackWrittenBeforeFeaturesOk_isIgnored() {
        blk.transport.write(MmioRegisters.CONFIG + BlkConstants.CONFIG_WRITEBACK, 1, 0);
        assertThat(config(BlkConstants.CONFIG_WRITEBACK, 1)).isEqualTo(1);
    }

    /** No field of several bytes ever changes, so an unchanged generation is right. */
    @Test
    @SpecClause("VIRTIO-1.2 4.2.2.1")
    void generation_isStableBecauseNoReadCanBeTorn() {
        long before = blk.read(MmioRegisters.CONFIG_GENERATION);
        blk.start(BlkConstants.VIRTIO_BLK_F_CONFIG_WCE | BlkConstants.VIRTIO_BLK_F_FLUSH);
        byte[] first = configBytes();
        blk.transport.write(MmioRegisters.CONFIG + BlkConstants.CONFIG_WRITEBACK, 1, 0);
        byte[] second = configBytes();
        assertThat(second[BlkConstants.CONFIG_WRITEBACK]).isZero();
        second[BlkConstants.CONFIG_WRITEBACK] = first[BlkConstants.CONFIG_WRITEBACK];
        assertThat(second).isEqualTo(first);
        assertThat(blk.read(MmioRegisters.CONFIG_GENERATION)).isEqualTo(before);
    }

    private byte[] configBytes() {
        byte[] bytes = new byte[60];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) config(i, 1);
        }
        return bytes;
    }

    @Test
    @SpecClause("VIRTIO-1.2 4.2.2.2")
    void forbiddenAccesses_readZeroAndChangeNothing() {
        for (int offset = 0; offset < 0x100; offset++) {
            for (int width : new int[] {1, 2, 8}) {
                assertThat(blk.transport.read(offset, width)).isZero();
                blk.transport.write(offset, width, 0xf);
            }
            if (offset % 4 != 0) {
                assertThat(blk.transport.read(offset, 4)).isZero();
                blk.transport.write(offset, 4, 0xf);
            }
        }
        assertThat(blk.transport.read(-4, 4)).isZero();
        assertThat(blk.read(MmioRegisters.STATUS)).isZero();
        int[] writeOnly = {0x014, 0x020, 0x024, 0x030, 0x038, 0x050, 0x064, 0x080, 0x084, 0x090, 0x094, 0x0a0, 0x0a4};
        for (int register : writeOnly) {
            assertThat(blk.read(register))
                    .as("write-only register 0x%x", register)
                    .isZero();
        }
        int[] readOnly = {0x000, 0x004, 0x008, 0x00c, 0x010, 0x034, 0x060, 0x0fc};
        for (int register : readOnly) {
            long before = blk.read(register);
            blk.write(register, ~before);
            assertThat(blk.read(register))
                    .as("read-only register 0x%x", register)
                    .isEqualTo(before);
        }
        for (int register : new int[] {0x0b0, 0x0b4, 0x0b8, 0x0bc}) {
            assertThat(blk.read(register)).as("no shared memory").isEqualTo(0xffff_ffffL);
        }
    }
}
