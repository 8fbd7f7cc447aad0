package ringside.emulator.machine;

import java.nio.file.Path;
import java.util.List;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.CacheMode;
import ringside.emulator.trace.TraceMode;

/** Specifications of small machines. */
final class MachineSpecs {
    private MachineSpecs() {}

    static MachineSpec of(ThreadingPreset threading, int iothreads, List<List<Integer>> mapping, DiskSpec... disks) {
        return new MachineSpec(
                threading,
                iothreads,
                mapping,
                PollSpec.QEMU_DEFAULT,
                List.of(disks),
                64L << 20,
                false,
                TraceMode.COUNTERS,
                1);
    }

    static MachineSpec of(ThreadingPreset threading, DiskSpec... disks) {
        boolean shared = threading == ThreadingPreset.IOTHREAD || threading == ThreadingPreset.IOTHREAD_VQ_MAPPING;
        return of(threading, shared ? 2 : 0, List.of(), disks);
    }

    static MachineSpec with(TransportSpec transport, MachineSpec spec) {
        return new MachineSpec(
                spec.threading(),
                spec.iothreads(),
                spec.vqMapping(),
                spec.poll(),
                spec.disks(),
                spec.memoryBytes(),
                spec.hugePages(),
                spec.trace(),
                spec.timelineSampleEvery(),
                transport);
    }

    static BlockNodeSpec.Null nullNode() {
        return new BlockNodeSpec.Null(64L << 20, 0, true);
    }

    static BlockNodeSpec.Raw raw(Path file, CacheMode cache, AioKind aio) {
        return new BlockNodeSpec.Raw(file, cache, aio, false, false, true);
    }

    /** A disk that data-plane-1.4 takes, if its node suits. */
    static DiskSpec plain(String id, BlockNodeSpec node, int queues) {
        return new DiskSpec(id, node, queues, 64, true, true, false, id);
    }
}
