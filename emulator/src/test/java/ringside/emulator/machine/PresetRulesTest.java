package ringside.emulator.machine;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.CacheMode;

/** What each preset refuses, each time in one line that names the disk or option and the remedy. */
class PresetRulesTest {
    private static final Path IMAGE = Path.of("some.img");
    private static final BlockNodeSpec GOOD_RAW = MachineSpecs.raw(IMAGE, CacheMode.NONE, AioKind.IO_URING);

    private static void assertRefused(MachineSpec spec, String... parts) {
        assertThatThrownBy(() -> Machine.build(spec))
                .isInstanceOf(MachineException.class)
                .hasMessageContainingAll(parts)
                .hasMessageNotContaining("\n");
    }

    private static void assertDataPlaneRefuses(DiskSpec disk, String... parts) {
        assertRefused(MachineSpecs.of(ThreadingPreset.DATA_PLANE_1_4, disk), parts);
        DiskSpec good = MachineSpecs.plain("disk0", GOOD_RAW, 1);
        assertRefused(MachineSpecs.of(ThreadingPreset.DATA_PLANE_1_4, good, disk), parts);
    }

    @Test
    void dataPlane_acceptsWhatQemu14Did() {
        MachineSpec spec = MachineSpecs.of(ThreadingPreset.DATA_PLANE_1_4, MachineSpecs.plain("disk0", GOOD_RAW, 1));
        assertThatCode(() -> PresetRules.check(spec)).doesNotThrowAnyException();
    }

    @Test
    void dataPlane_refusesOtherDrivers() {
        assertDataPlaneRefuses(
                MachineSpecs.plain("disk7", MachineSpecs.nullNode(), 1), "disk7", "driver=null", "driver=raw");
    }

    @ParameterizedTest
    @EnumSource(value = CacheMode.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void dataPlane_refusesOtherCacheModes(CacheMode cache) {
        BlockNodeSpec node = MachineSpecs.raw(IMAGE, cache, AioKind.IO_URING);
        assertDataPlaneRefuses(
                MachineSpecs.plain("disk7", node, 1), "disk7", "cache=" + cache.label(), "set cache=none");
    }

    @Test
    void dataPlane_refusesWorkerThreads() {
        BlockNodeSpec node = MachineSpecs.raw(IMAGE, CacheMode.NONE, AioKind.THREADS);
        assertDataPlaneRefuses(MachineSpecs.plain("disk7", node, 1), "disk7", "set aio=native or io_uring");
    }

    @Test
    void dataPlane_refusesSeveralQueues() {
        assertDataPlaneRefuses(MachineSpecs.plain("disk7", GOOD_RAW, 2), "disk7", "not 2", "set queues=1");
    }

    @Test
    void dataPlane_refusesConfigWce() {
        assertDataPlaneRefuses(DiskSpec.of("disk7", GOOD_RAW, 1), "disk7", "config-wce=on", "config-wce=off");
    }

    @ParameterizedTest
    @EnumSource(
            value = ThreadingPreset.class,
            names = {"IOTHREAD", "IOTHREAD_VQ_MAPPING"})
    void presetWithIoThreads_needsOne(ThreadingPreset threading) {
        DiskSpec disk = DiskSpec.of("disk0", MachineSpecs.nullNode(), 1);
        assertRefused(MachineSpecs.of(threading, 0, List.of(), disk), threading.label(), "iothreads to 1 or more");
    }

    @Test
    void mapping_mustHaveOneListPerIoThread() {
        DiskSpec disk = DiskSpec.of("disk0", MachineSpecs.nullNode(), 2);
        assertRefused(mapping(3, List.of(List.of(0), List.of(1)), disk), "2 IOThreads", "iothreads is 3");
    }

    @Test
    void mapping_mustNameEachQueueOnce() {
        DiskSpec disk = DiskSpec.of("disk0", MachineSpecs.nullNode(), 2);
        assertRefused(mapping(2, List.of(List.of(0), List.of()), disk), "disk0", "exactly once");
        assertRefused(mapping(2, List.of(List.of(0, 1), List.of(1)), disk), "disk0", "[0, 1, 1]");
        assertRefused(mapping(2, List.of(List.of(0), List.of(2)), disk), "disk0", "[0, 2]");
        DiskSpec other = DiskSpec.of("disk1", MachineSpecs.nullNode(), 3);
        assertRefused(mapping(2, List.of(List.of(0), List.of(1)), disk, other), "disk1", "[0, 1, 2]");
    }

    private static MachineSpec mapping(int iothreads, List<List<Integer>> lists, DiskSpec... disks) {
        return MachineSpecs.of(ThreadingPreset.IOTHREAD_VQ_MAPPING, iothreads, lists, disks);
    }

    @Test
    void diskSpec_refusesWhatNoDeviceHas() {
        BlockNodeSpec node = MachineSpecs.nullNode();
        assertThatThrownBy(() -> DiskSpec.of("disk3", node, 0)).hasMessageContainingAll("disk3", "1..64");
        assertThatThrownBy(() -> DiskSpec.of("disk3", node, 65)).hasMessageContainingAll("disk3", "65");
        for (int size : new int[] {0, 3, 100, 65_536}) {
            assertThatThrownBy(() -> new DiskSpec("disk3", node, 1, size, true, true, true, "s"))
                    .hasMessageContainingAll("disk3", "power of two in 1..32768", String.valueOf(size));
        }
        for (int size : new int[] {1, 2}) {
            assertThatThrownBy(() -> new DiskSpec("disk3", node, 1, size, false, true, true, "s"))
                    .hasMessageContainingAll("disk3", "power of two in 3..32768 with indirect=off", "it is " + size);
        }
        assertThatThrownBy(() -> new DiskSpec("disk3", node, 1, 64, true, true, true, "x".repeat(21)))
                .hasMessageContainingAll("disk3", "longer than 20 bytes");
    }

    @Test
    void unknownPreset_isAnsweredWithTheKnownOnes() {
        assertThatThrownBy(() -> ThreadingPreset.of("biglock"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("'biglock'", "big-lock", "data-plane-1.4", "iothread-vq-mapping");
    }

    @Test
    void machineThatCannotBeBuilt_leavesNothingBehind() {
        DiskSpec good = DiskSpec.of("disk0", MachineSpecs.nullNode(), 1);
        DiskSpec missing = DiskSpec.of(
                "disk1", MachineSpecs.raw(Path.of("/nonexistent/x.img"), CacheMode.WRITEBACK, AioKind.THREADS), 1);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> Machine.build(MachineSpecs.of(ThreadingPreset.MAIN_LOOP, good, missing)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("/nonexistent/x.img");
        }
    }
}
