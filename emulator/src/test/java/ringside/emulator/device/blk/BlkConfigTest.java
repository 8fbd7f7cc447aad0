package ringside.emulator.device.blk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static ringside.emulator.device.blk.BlkFixture.DISK_BYTES;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.SpecClause;
import ringside.emulator.block.StorageLifetime;

/** What is offered, and the fields that go with it. */
class BlkConfigTest {
    private static BlkFixture with(BlkOptions options) {
        return new BlkFixture(BlkFixture.settings(options), new RecordingNode(DISK_BYTES, false, true));
    }

    private static BlkOptions.Change change() {
        return BlkOptions.DEFAULT.change();
    }

    /** Conformance D43 and S08. */
    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,true", "false,false"})
    @SpecClause("VIRTIO-1.2 5.2.5.2")
    void flushIsAlwaysOffered_alsoWithConfigWce(boolean configWce, boolean ranges) {
        try (BlkFixture blk =
                new BlkFixture(BlkFixture.settings(1, configWce, ranges), new RecordingNode(DISK_BYTES, false, true))) {
            assertThat(blk.offered() & BlkConstants.VIRTIO_BLK_F_FLUSH).isNotZero();
            assertThat((blk.offered() & BlkConstants.VIRTIO_BLK_F_CONFIG_WCE) != 0)
                    .isEqualTo(configWce);
        }
    }

    /** Conformance D45. */
    @Test
    @SpecClause({"VIRTIO-1.2 5.2.5.2", "VIRTIO-1.4 5.2.5.2"})
    void paddingBytes_areZero() {
        try (BlkFixture blk =
                with(change().sizeMaxBytes(65536).secureErase(true).build())) {
            assertThat(blk.config(BlkConstants.CONFIG_UNUSED0, 1)).isZero();
            for (int i = 0; i < 3; i++) {
                assertThat(blk.config(BlkConstants.CONFIG_UNUSED1 + i, 1)).isZero();
                assertThat(blk.config(BlkConstants.CONFIG_UNUSED2 + i, 1)).isZero();
            }
        }
    }

    @Test
    @SpecClause({"VIRTIO-1.2 5.2.4", "VIRTIO-1.2 2.5.2"})
    void fieldsOfWhatIsOffered_areThereBeforeNegotiation() {
        BlkOptions options = change().logicalBlockBytes(1024)
                .physicalBlockBytes(8192)
                .minIoBytes(16384)
                .optIoBytes(1 << 20)
                .sizeMaxBytes(65536)
                .maxRangeSectors(4096)
                .maxRanges(7)
                .discardGranularityBytes(2048)
                .build();
        try (BlkFixture blk = with(options)) {
            assertThat(blk.offered())
                    .matches(features -> (features & BlkConstants.VIRTIO_BLK_F_SIZE_MAX) != 0)
                    .matches(features -> (features & BlkConstants.VIRTIO_BLK_F_DISCARD) != 0);
            assertThat(blk.config(BlkConstants.CONFIG_CAPACITY, 4)).isEqualTo(DISK_BYTES / 512);
            assertThat(blk.config(BlkConstants.CONFIG_SIZE_MAX, 4)).isEqualTo(65536);
            assertThat(blk.config(BlkConstants.CONFIG_SEG_MAX, 4)).isEqualTo(BlkFixture.RING_SIZE - 2);
            assertThat(blk.config(BlkConstants.CONFIG_BLK_SIZE, 4)).isEqualTo(1024);
            assertThat(blk.config(BlkConstants.CONFIG_PHYSICAL_BLOCK_EXP, 1)).isEqualTo(3);
            assertThat(blk.config(BlkConstants.CONFIG_ALIGNMENT_OFFSET, 1)).isZero();
            assertThat(blk.config(BlkConstants.CONFIG_MIN_IO_SIZE, 2)).isEqualTo(16);
            assertThat(blk.config(BlkConstants.CONFIG_OPT_IO_SIZE, 4)).isEqualTo(1024);
            assertThat(blk.config(BlkConstants.CONFIG_MAX_DISCARD_SECTORS, 4)).isEqualTo(4096);
            assertThat(blk.config(BlkConstants.CONFIG_MAX_DISCARD_SEG, 4)).isEqualTo(7);
            assertThat(blk.config(BlkConstants.CONFIG_DISCARD_SECTOR_ALIGNMENT, 4))
                    .isEqualTo(4);
            assertThat(blk.config(BlkConstants.CONFIG_MAX_WRITE_ZEROES_SECTORS, 4))
                    .isEqualTo(4096);
            assertThat(blk.config(BlkConstants.CONFIG_MAX_WRITE_ZEROES_SEG, 4)).isEqualTo(7);
        }
    }

    @Test
    void storageDecidesThePhysicalBlock_whereNothingIsSaid() {
        try (BlkFixture blk = new BlkFixture()) {
            assertThat(blk.config(BlkConstants.CONFIG_BLK_SIZE, 4)).isEqualTo(512);
            assertThat(blk.config(BlkConstants.CONFIG_PHYSICAL_BLOCK_EXP, 1)).isEqualTo(3);
            assertThat(blk.config(BlkConstants.CONFIG_MIN_IO_SIZE, 2)).isEqualTo(8);
            assertThat(blk.offered() & BlkConstants.VIRTIO_BLK_F_SIZE_MAX).isZero();
        }
    }

    /** Conformance S09: the field says whether the storage can deallocate. It never changes (S10 does not arise). */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @SpecClause("VIRTIO-1.2 5.2.6.2")
    void mayUnmap_isWhatTheStorageCan(boolean unmaps) {
        RecordingNode node = new RecordingNode(DISK_BYTES, false, true);
        node.unmaps = unmaps;
        try (BlkFixture blk = new BlkFixture(BlkFixture.settings(1, true, true), node)) {
            assertThat(blk.config(BlkConstants.CONFIG_WRITE_ZEROES_MAY_UNMAP, 1))
                    .isEqualTo(unmaps ? 1 : 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,true", "false,false"})
    void discardAndWriteZeroes_areOfferedSeparately(boolean discard, boolean writeZeroes) {
        try (BlkFixture blk =
                with(change().discard(discard).writeZeroes(writeZeroes).build())) {
            assertThat((blk.offered() & BlkConstants.VIRTIO_BLK_F_DISCARD) != 0).isEqualTo(discard);
            assertThat((blk.offered() & BlkConstants.VIRTIO_BLK_F_WRITE_ZEROES) != 0)
                    .isEqualTo(writeZeroes);
            assertThat(blk.config(BlkConstants.CONFIG_MAX_DISCARD_SEG, 4)).isEqualTo(discard ? 1 : 0);
            assertThat(blk.config(BlkConstants.CONFIG_MAX_WRITE_ZEROES_SEG, 4)).isEqualTo(writeZeroes ? 1 : 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"true,true,true", "true,false,false", "false,true,false"})
    void secureErase_isOfferedWhereTheStorageCanAndTheUserWants(boolean can, boolean wanted, boolean offered) {
        RecordingNode node = new RecordingNode(DISK_BYTES, false, true);
        node.erases = can;
        BlkSettings settings =
                BlkFixture.settings(change().secureErase(wanted).maxRanges(3).build());
        try (BlkFixture blk = new BlkFixture(settings, node)) {
            assertThat((blk.offered() & BlkConstants.VIRTIO_BLK_F_SECURE_ERASE) != 0)
                    .isEqualTo(offered);
            assertThat(blk.config(BlkConstants.CONFIG_MAX_SECURE_ERASE_SEG, 4)).isEqualTo(offered ? 3 : 0);
            assertThat(blk.config(BlkConstants.CONFIG_SECURE_ERASE_SECTOR_ALIGNMENT, 4))
                    .isEqualTo(offered ? 1 : 0);
        }
    }

    /** Conformance D52, D53, S11. */
    @Test
    @SpecClause("VIRTIO-1.2 5.2.6.2")
    void lifetime_isOfferedOnlyWhereTheStorageReportsIt() {
        try (BlkFixture blk = new BlkFixture().startWithAll()) {
            assertThat(blk.offered() & BlkConstants.VIRTIO_BLK_F_LIFETIME).isZero();
            assertThat(getLifetime(blk, 6)).isEqualTo(new BlkChain.Answer(0, BlkConstants.VIRTIO_BLK_S_UNSUPP));
        }
        RecordingNode node = new RecordingNode(DISK_BYTES, false, true);
        node.lifetime = Optional.of(new StorageLifetime(1, 2, 11));
        try (BlkFixture blk = new BlkFixture(BlkFixture.settings(1, true, true), node)) {
            assertThat(blk.offered() & BlkConstants.VIRTIO_BLK_F_LIFETIME).isNotZero();
            blk.startWithAll();
            assertThat(getLifetime(blk, 6)).isEqualTo(new BlkChain.Answer(7, BlkConstants.VIRTIO_BLK_S_OK));
            assertThat(blk.rings.getFirst().bytes(BlkFixture.SCRATCH + 0x1000, 6))
                    .containsExactly(1, 0, 2, 0, 11, 0);
            assertThat(getLifetime(blk, 100)).isEqualTo(new BlkChain.Answer(6, BlkConstants.VIRTIO_BLK_S_OK));
            assertThat(getLifetime(blk, 1)).isEqualTo(new BlkChain.Answer(2, BlkConstants.VIRTIO_BLK_S_OK));
        }
        assertThatThrownBy(() -> new StorageLifetime(4, 0, 0)).hasMessageContaining("reserved");
        assertThatThrownBy(() -> new StorageLifetime(0, 12, 0)).hasMessageContaining("reserved");
    }

    private static BlkChain.Answer getLifetime(BlkFixture blk, int bytes) {
        blk.header(BlkFixture.SCRATCH, BlkConstants.VIRTIO_BLK_T_GET_LIFETIME, 0);
        return new BlkChain(blk)
                .readable(BlkFixture.SCRATCH, 16)
                .writable(BlkFixture.SCRATCH + 0x1000, bytes)
                .writable(BlkFixture.SCRATCH + 0x800, 1)
                .send();
    }

    @Test
    void impossibleOptions_areRefusedByName() {
        assertThatThrownBy(() -> change().logicalBlockBytes(8192).build()).hasMessageContaining("logical-block-size");
        assertThatThrownBy(() -> change().logicalBlockBytes(1000).build()).hasMessageContaining("logical-block-size");
        assertThatThrownBy(() ->
                        change().logicalBlockBytes(4096).physicalBlockBytes(512).build())
                .hasMessageContaining("physical-block-size");
        assertThatThrownBy(
                        () -> change().logicalBlockBytes(4096).minIoBytes(512).build())
                .hasMessageContaining("min-io-size");
        assertThatThrownBy(() -> change().optIoBytes(100).build()).hasMessageContaining("opt-io-size");
        assertThatThrownBy(() -> change().sizeMaxBytes(512).build()).hasMessageContaining("size-max");
        assertThatThrownBy(() -> change().segMax(-1).build()).hasMessageContaining("seg-max");
        assertThatThrownBy(() -> change().maxRanges(0).build()).hasMessageContaining("max-discard-seg");
        assertThatThrownBy(() -> change().maxRangeSectors(0).build()).hasMessageContaining("max-discard-sectors");
        BlkSettings settings =
                BlkFixture.settings(change().logicalBlockBytes(4096).build());
        RecordingNode odd = new RecordingNode(DISK_BYTES - 512, false, true);
        assertThatThrownBy(() -> new BlkFixture(settings, odd)).hasMessageContainingAll("disk0", "logical-block-size");
    }
}
