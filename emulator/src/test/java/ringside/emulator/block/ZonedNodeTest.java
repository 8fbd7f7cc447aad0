package ringside.emulator.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.SpecClause;
import ringside.emulator.aio.AioKind;

/** Zones on a raw image: what is kept, what is refused, what a broken zone does. */
@SpecClause({"VIRTIO-1.4 5.2.6", "VIRTIO-1.4 5.2.6.2"})
class ZonedNodeTest {
    private static final int ZONE = 1 << 16;
    private static final int ZONES = 8;

    @TempDir
    Path folder;

    private Path image;
    private Path state;

    @BeforeEach
    void makeImage() throws IOException {
        image = folder.resolve("disk.raw");
        state = folder.resolve("disk.raw.zones");
        byte[] old = new byte[ZONES * ZONE];
        Arrays.fill(old, (byte) 0x33);
        Files.write(image, old);
    }

    private static ZoneSpec managed() {
        return new ZoneSpec(ZoneModel.HOST_MANAGED, ZONE, 0, 1, 2, 3, 65536);
    }

    private BlockNodeSpec.Raw raw(boolean readOnly) {
        return new BlockNodeSpec.Raw(image, CacheMode.WRITEBACK, AioKind.THREADS, false, readOnly, true);
    }

    private NodeFixture open(ZoneSpec zones) {
        return new NodeFixture(BlockNodes.open(new BlockNodeSpec.Zoned(raw(false), zones, Optional.empty())));
    }

    private static MemorySegment filled(NodeFixture f, int bytes, int value) {
        MemorySegment buffer = f.buffer(bytes, 0);
        buffer.fill((byte) value);
        return buffer;
    }

    private static int write(NodeFixture f, long offset, int bytes) {
        return f.run(BlockOp.WRITE, offset, bytes, filled(f, bytes, 0x77));
    }

    private static ZonedStorage zones(NodeFixture f) {
        return f.node.zones().orElseThrow();
    }

    @Test
    void statesAndPointers_surviveTheEndOfTheProcess() {
        try (NodeFixture f = open(managed())) {
            assertThat(write(f, ZONE, 4096)).isZero();
            assertThat(f.run(BlockOp.ZONE_OPEN, 2 * ZONE, 0)).isZero();
            assertThat(f.run(BlockOp.ZONE_FINISH, 3 * ZONE, 0)).isZero();
            assertThat(zones(f).condition(2)).isEqualTo(ZoneCondition.EXPLICIT_OPEN);
        }
        try (NodeFixture f = open(managed())) {
            assertThat(zones(f).condition(0)).isEqualTo(ZoneCondition.NOT_WP);
            assertThat(zones(f).condition(1)).isEqualTo(ZoneCondition.CLOSED);
            assertThat(zones(f).writePointerBytes(1)).isEqualTo(ZONE + 4096);
            assertThat(zones(f).condition(2)).as("it was open and blank").isEqualTo(ZoneCondition.EMPTY);
            assertThat(zones(f).condition(3)).isEqualTo(ZoneCondition.FULL);
            assertThat(write(f, ZONE + 4096, 512)).isZero();
            assertThat(write(f, ZONE, 512)).isEqualTo(ZoneError.UNALIGNED_WRITE);
        }
    }

    /** What the image held before it was zoned, or before a reset, is not shown. */
    @Test
    void sectorsBehindTheWritePointer_readAsZeroes() {
        try (NodeFixture f = open(managed())) {
            assertThat(write(f, ZONE, 4096)).isZero();
            MemorySegment first = filled(f, 6000, 0x11);
            MemorySegment second = filled(f, 8192 - 6000, 0x11);
            assertThat(f.run(BlockOp.READ, ZONE + 1024, 8192, first, second)).isZero();
            assertThat(first.asSlice(0, 3072).toArray(ValueLayout.JAVA_BYTE)).containsOnly(0x77);
            assertThat(first.asSlice(3072).toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
            assertThat(second.toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
            MemorySegment conventional = filled(f, 512, 0x11);
            assertThat(f.run(BlockOp.READ, 0, 512, conventional)).isZero();
            assertThat(conventional.toArray(ValueLayout.JAVA_BYTE)).containsOnly(0x33);
            assertThat(f.run(BlockOp.ZONE_RESET, ZONE, 0)).isZero();
            assertThat(f.run(BlockOp.READ, ZONE, 512, conventional)).isZero();
            assertThat(conventional.toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
        }
    }

    @Test
    void failedWrite_doesNotMoveTheWritePointer() {
        try (NodeFixture f = open(managed())) {
            assertThat(write(f, ZONE, 512)).isZero();
            ZoneTable table = ((ZonedNode) f.node).table();
            assertThat(table.beginWrite(ZONE + 512, 512)).isZero();
            assertThat(table.beginWrite(ZONE + 1024, 512)).isZero();
            table.writeFailed(ZONE + 512, 512);
            assertThat(table.written(1)).as("something lies behind it").isEqualTo(1536);
            table.writeFailed(ZONE + 1024, 512);
            assertThat(table.written(1)).isEqualTo(1024);
            assertThat(write(f, ZONE + 1024, 512)).isZero();
        }
    }

    /** What a killed server had in flight is repeated by the next one, at the same place. */
    @Test
    void writeThatDidNotComplete_canBeRepeatedAfterReopening() {
        try (NodeFixture f = open(managed())) {
            assertThat(write(f, ZONE, 4096)).isZero();
            ZoneTable table = ((ZonedNode) f.node).table();
            assertThat(table.beginWrite(ZONE + 4096, 4096)).isZero();
            assertThat(table.beginWrite(2 * ZONE, ZONE)).isZero();
            assertThat(table.condition(2)).isEqualTo(ZoneCondition.FULL);
        }
        try (NodeFixture f = open(managed())) {
            assertThat(zones(f).writePointerBytes(1)).isEqualTo(ZONE + 4096);
            assertThat(zones(f).condition(2)).isEqualTo(ZoneCondition.EMPTY);
            assertThat(write(f, ZONE + 4096, 4096)).isZero();
            assertThat(write(f, 2 * ZONE, ZONE)).isZero();
        }
    }

    /** Appends complete in any order; what completed is never lost. */
    @Test
    void writesThatCompleteOutOfOrder_areKept() {
        try (NodeFixture f = open(managed())) {
            ZoneTable table = ((ZonedNode) f.node).table();
            assertThat(table.beginAppend(ZONE, 4096)).isEqualTo(ZONE);
            assertThat(table.beginAppend(ZONE, ZONE - 8192)).isEqualTo(ZONE + 4096);
            assertThat(table.beginAppend(ZONE, 4096)).isEqualTo(2 * ZONE - 4096);
            table.writeCompleted(ZONE + 4096, ZONE - 8192);
            assertThat(table.beginAppend(2 * ZONE, 4096)).isEqualTo(2 * ZONE);
            table.reset(2);
            table.writeCompleted(2 * ZONE, 4096);
        }
        try (NodeFixture f = open(managed())) {
            assertThat(zones(f).condition(1)).isEqualTo(ZoneCondition.CLOSED);
            assertThat(zones(f).writePointerBytes(1)).isEqualTo(2 * ZONE - 4096);
            assertThat(zones(f).condition(2)).as("reset after the append came").isEqualTo(ZoneCondition.EMPTY);
            assertThat(write(f, 2 * ZONE - 4096, 4096)).isZero();
            assertThat(zones(f).condition(1)).isEqualTo(ZoneCondition.FULL);
        }
        try (NodeFixture f = open(managed())) {
            assertThat(zones(f).condition(1)).isEqualTo(ZoneCondition.FULL);
        }
    }

    /** With capacity equal to the zone's size, the place behind a full zone is the next one. */
    @Test
    void appendToAFullZone_leavesTheNextAlone() {
        try (NodeFixture f = open(managed())) {
            assertThat(write(f, ZONE, ZONE)).isZero();
            assertThat(zones(f).condition(1)).isEqualTo(ZoneCondition.FULL);
            assertThat(f.run(BlockOp.ZONE_APPEND, ZONE, 512, filled(f, 512, 1))).isEqualTo(ZoneError.INVALID_COMMAND);
            assertThat(zones(f).condition(2)).isEqualTo(ZoneCondition.EMPTY);
        }
    }

    @Test
    void brokenZones_refuse() {
        try (NodeFixture f = open(managed())) {
            assertThat(write(f, ZONE, 512)).isZero();
            ZoneTable table = ((ZonedNode) f.node).table();
            table.degrade(1, ZoneCondition.READ_ONLY);
            table.degrade(2, ZoneCondition.OFFLINE);
            assertThat(f.run(BlockOp.READ, ZONE, 512, filled(f, 512, 0))).isZero();
            assertThat(f.run(BlockOp.READ, 2 * ZONE, 512, filled(f, 512, 0))).isEqualTo(ZoneError.INVALID_COMMAND);
            for (int zone = 1; zone <= 2; zone++) {
                long start = (long) zone * ZONE;
                assertThat(write(f, start + 512, 512)).isEqualTo(ZoneError.INVALID_COMMAND);
                for (BlockOp op :
                        new BlockOp[] {BlockOp.ZONE_OPEN, BlockOp.ZONE_CLOSE, BlockOp.ZONE_FINISH, BlockOp.ZONE_RESET
                        }) {
                    assertThat(f.run(op, start, 0)).as("%s", op).isEqualTo(ZoneError.INVALID_COMMAND);
                }
            }
            assertThat(f.run(BlockOp.ZONE_RESET_ALL, 0, 0)).isZero();
            assertThat(zones(f).condition(1)).isEqualTo(ZoneCondition.READ_ONLY);
        }
        try (NodeFixture f = open(managed())) {
            assertThat(zones(f).condition(2)).as("for good").isEqualTo(ZoneCondition.OFFLINE);
        }
    }

    @Test
    void secureErase_resetsWholeZonesAndLeavesNothing() throws IOException {
        try (NodeFixture f = open(managed())) {
            assertThat(write(f, ZONE, 4096)).isZero();
            assertThat(f.run(BlockOp.SECURE_ERASE, ZONE + 512, ZONE)).isEqualTo(ZoneError.INVALID_COMMAND);
            assertThat(f.run(BlockOp.SECURE_ERASE, 0, ZONE)).isEqualTo(ZoneError.INVALID_COMMAND);
            assertThat(f.run(BlockOp.SECURE_ERASE, ZONE, 2 * ZONE)).isZero();
            assertThat(zones(f).condition(1)).isEqualTo(ZoneCondition.EMPTY);
        }
        byte[] content = Files.readAllBytes(image);
        assertThat(Arrays.copyOfRange(content, ZONE, 3 * ZONE)).containsOnly(0);
        assertThat(content[3 * ZONE]).isEqualTo((byte) 0x33);
    }

    @Test
    void resetOfAllZones_freesWhatTheFileHolds() throws IOException {
        try (NodeFixture f = open(managed())) {
            for (int zone = 1; zone < ZONES; zone++) {
                assertThat(write(f, (long) zone * ZONE, ZONE)).isZero();
            }
            assertThat(f.run(BlockOp.ZONE_RESET_ALL, 0, 0)).isZero();
            assertThat(f.node.unmaps()).isTrue();
        }
        byte[] content = Files.readAllBytes(image);
        assertThat(Arrays.copyOfRange(content, ZONE, ZONES * ZONE)).containsOnly(0);
        assertThat(content[ZONE - 1]).isEqualTo((byte) 0x33);
    }

    @Test
    void lastSmallerZone_canBeFilled() throws IOException {
        Files.write(image, new byte[ZONES * ZONE + 8192]);
        try (NodeFixture f = open(managed())) {
            assertThat(zones(f).zones()).isEqualTo(ZONES + 1);
            assertThat(zones(f).capacityBytes(ZONES)).isEqualTo(8192);
            assertThat(write(f, ZONES * ZONE, 8192)).isZero();
            assertThat(zones(f).condition(ZONES)).isEqualTo(ZoneCondition.FULL);
        }
    }

    @Test
    void otherGeometry_isRefusedWithTheRemedy() {
        open(managed()).close();
        ZoneSpec other = new ZoneSpec(ZoneModel.HOST_MANAGED, 2 * ZONE, 0, 1, 2, 3, 65536);
        assertThatThrownBy(() -> open(other)).hasMessageContainingAll("disk.raw.zones", "same zone options", "remove");
    }

    @ParameterizedTest
    @CsvSource({"16,9", "17,1", "24,99"})
    void recordThatCannotBe_isRefusedWithTheRemedy(int at, int value) throws IOException {
        open(managed()).close();
        byte[] records = Files.readAllBytes(state);
        records[4096 + at] = (byte) value;
        records[4096 + 16 + 7] = at == 17 ? (byte) 1 : records[4096 + 16 + 7];
        Files.write(state, records);
        assertThatThrownBy(() -> open(managed())).hasMessageContainingAll("zone 1", "remove");
    }

    @Test
    void readOnlyDisk_needsZonesThatAreThere() {
        BlockNodeSpec spec = new BlockNodeSpec.Zoned(raw(true), managed(), Optional.empty());
        assertThatThrownBy(() -> BlockNodes.open(spec)).hasMessageContainingAll("disk.raw.zones", "writable once");
        try (NodeFixture f = open(managed())) {
            assertThat(write(f, ZONE, 512)).isZero();
        }
        try (BlockNode node = BlockNodes.open(spec)) {
            assertThat(node.zones().orElseThrow().writePointerBytes(1)).isEqualTo(ZONE + 512);
        }
    }

    @Test
    void zonesInUse_areLockedWithTheImage() {
        try (NodeFixture f = open(managed())) {
            assertThatThrownBy(() -> open(managed())).isInstanceOf(ImageInUseException.class);
            assertThat(f.node.description()).contains("zone-model=host-managed", "zone-size=65536");
        }
    }

    @Test
    void nullDisk_keepsItsZonesInMemory() {
        BlockNodeSpec spec = new BlockNodeSpec.Zoned(
                new BlockNodeSpec.Null((long) ZONES * ZONE, 0, false), managed(), Optional.empty());
        try (NodeFixture f = new NodeFixture(BlockNodes.open(spec))) {
            for (int zone = 1; zone < ZONES; zone++) {
                assertThat(write(f, (long) zone * ZONE, ZONE)).isZero();
            }
            assertThat(f.run(BlockOp.ZONE_RESET_ALL, 0, 0)).isZero();
            assertThat(f.run(BlockOp.FLUSH, 0, 0)).isZero();
        }
        try (NodeFixture f = new NodeFixture(BlockNodes.open(spec))) {
            assertThat(zones(f).condition(1)).isEqualTo(ZoneCondition.EMPTY);
        }
    }

    /** Every reset of a host-aware zone has a request below, which ends at once here: that must not pile up calls. */
    @Test
    void resetOfManyZonesThatEndsAtOnce_doesNotRecurse() {
        int zones = 20_000;
        ZoneSpec spec = new ZoneSpec(ZoneModel.HOST_AWARE, 4096, 0, 0, 0, 0, 0);
        BlockNodeSpec.Null base = new BlockNodeSpec.Null(zones * 4096L, 0, false);
        try (NodeFixture f = new NodeFixture(BlockNodes.open(new BlockNodeSpec.Zoned(base, spec, Optional.empty())))) {
            assertThat(write(f, 0, zones * 4096)).isZero();
            assertThat(zones(f).condition(zones - 1)).isEqualTo(ZoneCondition.FULL);
            assertThat(f.run(BlockOp.ZONE_RESET_ALL, 0, 0)).isZero();
            assertThat(zones(f).condition(zones - 1)).isEqualTo(ZoneCondition.EMPTY);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 3000, 12_288})
    void zoneSizeThatIsNoPowerOfTwo_isRefused(long bytes) {
        assertThatThrownBy(() -> new ZoneSpec(ZoneModel.HOST_MANAGED, bytes, 0, 0, 0, 0, 0))
                .hasMessageContaining("zone-size");
    }

    @Test
    void impossibleZones_areRefusedByName() {
        assertThatThrownBy(() -> new ZoneSpec(ZoneModel.HOST_MANAGED, ZONE, 2 * ZONE, 0, 0, 0, 0))
                .hasMessageContaining("zone-capacity");
        assertThatThrownBy(() -> new ZoneSpec(ZoneModel.HOST_MANAGED, ZONE, 0, 0, 5, 4, 0))
                .hasMessageContaining("max-open-zones");
        assertThatThrownBy(() -> new ZoneSpec(ZoneModel.HOST_AWARE, ZONE, 0, 0, 1, 0, 0))
                .hasMessageContaining("host-aware");
        assertThatThrownBy(() -> open(new ZoneSpec(ZoneModel.HOST_MANAGED, ZONE, 0, 9, 0, 0, 0)))
                .hasMessageContaining("conventional-zones");
        assertThatThrownBy(() -> ZoneModel.of("drive-managed")).hasMessageContaining("host-aware");
    }
}
