package ringside.harness.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.CacheMode;
import ringside.emulator.device.blk.BlkOptions;
import ringside.emulator.machine.DiskSpec;
import ringside.emulator.machine.MachineSpec;
import ringside.emulator.machine.PollSpec;
import ringside.emulator.machine.ThreadingPreset;
import ringside.emulator.machine.TransportSpec;
import ringside.emulator.trace.TraceMode;
import ringside.harness.HarnessException;
import ringside.harness.blockdev.Blockdev;
import ringside.harness.suite.Option;
import ringside.harness.suite.Units;
import ringside.harness.suite.VqMapping;

/** Turns effective options into the emulator's specification. */
final class MachineFactory {
    private static final long BASE_MEMORY_BYTES = 64L << 20;
    private static final long RING_ENTRY_BYTES = 4096;
    private static final long MEMORY_STEP_BYTES = 2L << 20;

    private static final String AUTO = "auto";

    private final Map<String, String> options;

    private MachineFactory(Map<String, String> options) {
        this.options = options;
    }

    /**
     * The machine of a cell.
     *
     * @param images raw images; disk i uses image i modulo their number; may be empty when the driver is null
     * @param writable whether images are opened for writing
     * @throws HarnessException when a value is out of range
     */
    static MachineSpec spec(Map<String, String> options, JobSource.Jobs jobs, List<String> images, boolean writable) {
        try {
            return new MachineFactory(options).build(jobs, images, writable);
        } catch (IllegalArgumentException e) {
            throw HarnessException.badInput(e.getMessage(), e);
        }
    }

    private MachineSpec build(JobSource.Jobs jobs, List<String> images, boolean writable) {
        List<DiskSpec> disks = new ArrayList<>();
        for (int i = 0; i < number(Option.DISKS); i++) {
            disks.add(disk(i, images, writable));
        }
        ThreadingPreset threading = ThreadingPreset.of(value(Option.THREADING));
        return new MachineSpec(
                threading,
                threading.usesIoThreads() ? number(Option.IOTHREADS) : 0,
                VqMapping.parse(value(Option.VQ_MAPPING)),
                new PollSpec(
                        Units.nanoseconds(value(Option.POLL_MAX_NS)),
                        number(Option.POLL_GROW),
                        number(Option.POLL_SHRINK)),
                disks,
                memoryBytes(jobs),
                on(Option.HUGE_PAGES),
                TraceMode.of(value(Option.TRACE)),
                number(Option.TIMELINE_EVERY),
                transport());
    }

    private TransportSpec transport() {
        boolean auto = value(Option.VECTORS).equals(AUTO);
        boolean pci = value(Option.TRANSPORT).equals("pci");
        if (!auto && !pci) {
            throw new IllegalArgumentException(
                    "vectors=" + value(Option.VECTORS) + " is of MSI-X: set transport to pci, or vectors to auto");
        }
        return new TransportSpec(
                pci ? TransportSpec.Kind.PCI : TransportSpec.Kind.MMIO,
                auto ? TransportSpec.VECTORS_AUTO : number(Option.VECTORS),
                on(Option.NOTIFICATION_DATA));
    }

    private DiskSpec disk(int index, List<String> images, boolean writable) {
        String id = "disk" + index;
        return new DiskSpec(
                id,
                node(index, images, writable),
                number(Option.QUEUES),
                number(Option.QUEUE_SIZE),
                on(Option.INDIRECT),
                on(Option.EVENT_IDX),
                on(Option.CONFIG_WCE),
                id,
                false,
                BlkOptions.DEFAULT
                        .change()
                        .packed(value(Option.RING).equals("packed"))
                        .inOrder(on(Option.IN_ORDER))
                        .logicalBlockBytes(bytes(Option.LOGICAL_BLOCK_SIZE))
                        .physicalBlockBytes(bytes(Option.PHYSICAL_BLOCK_SIZE))
                        .sizeMaxBytes(bytes(Option.SIZE_MAX))
                        .segMax(value(Option.SEG_MAX).equals(AUTO) ? 0 : number(Option.SEG_MAX))
                        .build());
    }

    private BlockNodeSpec node(int index, List<String> images, boolean writable) {
        if (NodeText.isGraph(options)) {
            String image = images.isEmpty() ? "" : images.get(index % images.size());
            return Blockdev.parse(NodeText.of(options, image, writable)).spec();
        }
        if (value(Option.DRIVER).equals("null")) {
            return new BlockNodeSpec.Null(
                    Units.bytes(value(Option.DISK_SIZE)),
                    Units.nanoseconds(value(Option.LATENCY_NS)),
                    on(Option.READ_ZEROES));
        }
        return raw(Path.of(images.get(index % images.size())), writable);
    }

    private BlockNodeSpec.Raw raw(Path image, boolean writable) {
        return new BlockNodeSpec.Raw(
                image,
                CacheMode.of(value(Option.CACHE)),
                AioKind.of(value(Option.AIO)),
                // The 1.4 data plane has no worker threads to fall back to: without the engine it must not run.
                on(Option.AIO_FALLBACK)
                        && ThreadingPreset.of(value(Option.THREADING)) != ThreadingPreset.DATA_PLANE_1_4,
                !writable,
                value(Option.DISCARD).equals("unmap"));
    }

    /** Guest memory of a cell in bytes, whether a machine or a server maps it. */
    static long memoryBytes(Map<String, String> options, JobSource.Jobs jobs) {
        return new MachineFactory(options).memoryBytes(jobs);
    }

    /** Buffers and rings, generously: all of it is prefaulted before the load starts. */
    private long memoryBytes(JobSource.Jobs jobs) {
        if (!value(Option.MEMORY).equals(AUTO)) {
            return Units.bytes(value(Option.MEMORY));
        }
        long disks = number(Option.DISKS);
        long rings = disks * number(Option.QUEUES) * number(Option.QUEUE_SIZE) * RING_ENTRY_BYTES;
        long bytes = BASE_MEMORY_BYTES + rings + 2 * disks * jobs.bufferBytesPerDisk();
        return (bytes + MEMORY_STEP_BYTES - 1) / MEMORY_STEP_BYTES * MEMORY_STEP_BYTES;
    }

    private String value(Option option) {
        return options.get(option.label());
    }

    /** A size that is an int; {@code auto} is 0. */
    private int bytes(Option option) {
        String text = value(option);
        long bytes = text.equals(AUTO) ? 0 : Units.bytes(text);
        if (bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(option.label() + "=" + text + " is too large; use less than 2G");
        }
        return (int) bytes;
    }

    private int number(Option option) {
        return Integer.parseInt(value(option));
    }

    private boolean on(Option option) {
        return value(option).equals("on");
    }
}
