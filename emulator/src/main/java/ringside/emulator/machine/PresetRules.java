package ringside.emulator.machine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockNodeSpec;

/** What a threading preset demands of a machine, and what it refuses. */
final class PresetRules {
    private PresetRules() {}

    /** @throws MachineException naming the disk or option and the remedy */
    static void check(MachineSpec spec) {
        switch (spec.threading()) {
            case DATA_PLANE_1_4 -> spec.disks().forEach(PresetRules::checkDataPlane);
            case IOTHREAD -> checkIoThreads(spec);
            case IOTHREAD_VQ_MAPPING -> checkMapping(spec);
            case BIG_LOCK, MAIN_LOOP -> {
                // Everything runs under the lock: nothing to refuse.
            }
        }
    }

    /**
     * The limits of QEMU 1.4's x-data-plane (QEMU commits e72f66a0 and 392808b4): raw images only, past the page cache,
     * through the kernel's asynchronous interface, one queue, no switchable write cache.
     */
    private static void checkDataPlane(DiskSpec disk) {
        if (!(disk.node() instanceof BlockNodeSpec.Raw raw)) {
            throw new MachineException(disk.id() + ": data-plane-1.4 works on raw images only, not on driver="
                    + disk.node().driver() + "; use driver=raw or threading=iothread");
        }
        if (!raw.cache().direct() || !raw.cache().writeback()) {
            throw new MachineException(disk.id() + ": data-plane-1.4 needs cache=none, not cache="
                    + raw.cache().label() + "; set cache=none or use threading=iothread");
        }
        if (raw.aio() == AioKind.THREADS) {
            throw new MachineException(disk.id()
                    + ": data-plane-1.4 submits to the kernel itself and has no worker threads; set aio=native or io_uring, or"
                    + " use threading=iothread");
        }
        if (disk.queues() != 1) {
            throw new MachineException(disk.id() + ": data-plane-1.4 has one queue per disk, not " + disk.queues()
                    + "; set queues=1 or use threading=iothread");
        }
        if (disk.configWce()) {
            throw new MachineException(
                    disk.id() + ": data-plane-1.4 is incompatible with config-wce=on; set config-wce=off");
        }
    }

    private static void checkIoThreads(MachineSpec spec) {
        if (spec.iothreads() < 1) {
            throw new MachineException("threading=" + spec.threading().label()
                    + " needs at least one IOThread; set iothreads to 1 or more");
        }
    }

    /** Either no list (round robin) or lists that name every queue of every disk exactly once, as in QEMU. */
    private static void checkMapping(MachineSpec spec) {
        checkIoThreads(spec);
        if (spec.vqMapping().isEmpty()) {
            return;
        }
        if (spec.vqMapping().size() != spec.iothreads()) {
            throw new MachineException("vq-mapping lists " + spec.vqMapping().size() + " IOThreads but iothreads is "
                    + spec.iothreads() + "; give one list per IOThread");
        }
        List<Integer> mapped = new ArrayList<>();
        spec.vqMapping().forEach(mapped::addAll);
        Collections.sort(mapped);
        for (DiskSpec disk : spec.disks()) {
            List<Integer> wanted = IntStream.range(0, disk.queues()).boxed().toList();
            if (!mapped.equals(wanted)) {
                throw new MachineException(disk.id() + ": vq-mapping names queues " + mapped + " but must name each of "
                        + wanted + " exactly once");
            }
        }
    }
}
