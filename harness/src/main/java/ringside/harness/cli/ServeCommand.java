package ringside.harness.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import ringside.emulator.machine.ExportProtocol;
import ringside.emulator.machine.ExportSpec;
import ringside.emulator.machine.PollSpec;
import ringside.emulator.trace.TraceMode;
import ringside.harness.HarnessException;
import ringside.harness.blockdev.Blockdev;
import ringside.harness.serve.CpuList;
import ringside.harness.serve.ServeOptions;
import ringside.harness.serve.ServeRun;
import ringside.harness.serve.StopSignals;
import ringside.harness.suite.Units;

/** Exports a block node as a vhost-user-blk device or as a PCI function over vfio-user. */
@Command(
        name = "serve",
        description = {
            "Exports a block node on a Unix-domain socket, for QEMU or any other front-end: as a vhost-user-blk device,",
            "or as a virtio-blk PCI function over vfio-user.",
            "Unlike `run`, it opens an image for writing unless read-only=on is given. Serves until SIGTERM or Ctrl-C."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ringside serve --socket /tmp/vu.sock --blockdev driver=raw,file=disk.img,cache=none,aio=io_uring",
            "  ringside serve --socket /tmp/vu.sock --blockdev driver=null,size=1G --queues 4 --iothreads 2",
            "  qemu-system-x86_64 -object memory-backend-memfd,id=mem,size=1G,share=on -numa node,memdev=mem \\",
            "      -chardev socket,id=c,path=/tmp/vu.sock,reconnect=1 \\",
            "      -device vhost-user-blk-pci,chardev=c,num-queues=4 -m 1G ...",
            "  ringside serve --protocol vfio-user --socket /tmp/vfu.sock --blockdev driver=raw,file=disk.img",
            "  qemu-system-x86_64 ... -device \\",
            "      '{\"driver\":\"vfio-user-pci\",\"socket\":{\"type\":\"unix\",\"path\":\"/tmp/vfu.sock\"}}'"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:stopped by SIGTERM or Ctrl-C",
            "2:the command line, the image or the socket is wrong; nothing was served",
            "3:the host does not allow it",
            "70:an error of Ringside itself"
        })
final class ServeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            required = true,
            description = "Where to listen. The socket of a server that was killed is replaced.")
    private Path socket;

    @Option(
            names = "--protocol",
            paramLabel = "NAME",
            defaultValue = "vhost-user",
            description = {
                "vhost-user: a vhost-user-blk device (default).",
                "vfio-user: a whole virtio-blk PCI function, for QEMU's vfio-user-pci."
            })
    private String protocol;

    @Option(
            names = "--blockdev",
            paramLabel = "KEY=VALUE,...",
            required = true,
            description = {
                "What to export, in QEMU's syntax or as JSON; docs/blockdev.md has all",
                "drivers and options. Given several times, nodes refer to earlier ones by",
                "node-name, and the last one is exported.",
                "driver=qcow2: file, backing, data-file, read-only, discard, l2-cache-size, ...",
                "driver=throttle, delay, blkdebug, blkverify, log-writes, copy-on-read, quorum, nbd.",
                "driver=raw: file, cache, aio, aio-fallback, read-only, discard,",
                "  sqpoll, iopoll, registered-buffers.",
                "driver=null: size, latency-ns, read-zeroes. Both: node-name,",
                "  zone-model and with it zone-size, zone-capacity, conventional-zones,",
                "  max-open-zones, max-active-zones, max-append-bytes, zone-state."
            })
    private List<String> blockdev;

    @Option(names = "--queues", paramLabel = "N", defaultValue = "1", description = "Request queues (default: 1).")
    private int queues;

    @Option(
            names = "--queue-size",
            paramLabel = "N",
            defaultValue = "256",
            description = "Largest size of a queue; with --packed off a power of two (default: 256).")
    private int queueSize;

    @Option(
            names = "--iothreads",
            paramLabel = "N",
            defaultValue = "1",
            description = "IOThreads; queues are spread over them in turn (default: 1).")
    private int iothreads;

    @Option(
            names = "--poll-max-ns",
            paramLabel = "N",
            defaultValue = "32768",
            description = "Longest busy-poll of an idle IOThread, 0 switches polling off (default: 32768, as QEMU).")
    private String pollMaxNs;

    @Option(names = "--poll-grow", paramLabel = "N", defaultValue = "0", description = "QEMU's poll-grow.")
    private int pollGrow;

    @Option(names = "--poll-shrink", paramLabel = "N", defaultValue = "0", description = "QEMU's poll-shrink.")
    private int pollShrink;

    @Option(
            names = "--cpus",
            paramLabel = "LIST",
            description = "CPUs of the IOThreads, one each in turn, such as 0,2-3 (default: the kernel decides).")
    private String cpus;

    @Option(
            names = "--trace",
            paramLabel = "MODE",
            defaultValue = "counters",
            description = "off or counters (default: counters).")
    private String trace;

    @Option(
            names = "--config-wce",
            paramLabel = "on|off",
            defaultValue = "on",
            description = "Whether the guest may switch the write cache (default: on).")
    private String configWce;

    @Option(
            names = "--request-merging",
            paramLabel = "on|off",
            defaultValue = "off",
            description = "Whether adjacent requests of a batch become one (default: off; QEMU's device: on).")
    private String requestMerging;

    @Mixin
    private ServeBlkOptions offers;

    @Option(names = "--serial", paramLabel = "TEXT", defaultValue = "", description = "Serial number of the disk.")
    private String serial;

    @Option(
            names = "--stats",
            paramLabel = "FILE",
            description = "Write statistics there as JSON, every second and at the end.")
    private Path stats;

    @Override
    public Integer call() {
        ServeOptions options = checked(this::options);
        PrintWriter out = spec.commandLine().getOut();
        ServeRun.run(options, StopSignals.install(), out::println);
        return ExitCode.OK.code();
    }

    private ServeOptions options() {
        Blockdev device = Blockdev.parse(blockdev);
        ExportSpec export = new ExportSpec(
                socket,
                device.spec(),
                device.nodeName(),
                queues,
                queueSize,
                iothreads,
                new PollSpec(Units.nanoseconds(pollMaxNs), pollGrow, pollShrink),
                TraceMode.of(trace),
                on("--config-wce", configWce),
                offers.options(),
                serial,
                on("--request-merging", requestMerging),
                ExportProtocol.of(protocol));
        return new ServeOptions(export, cpus == null ? List.of() : CpuList.parse(cpus), Optional.ofNullable(stats));
    }

    static boolean on(String option, String value) {
        return switch (value) {
            case "on" -> true;
            case "off" -> false;
            default -> throw new IllegalArgumentException(option + ": '" + value + "' is neither on nor off");
        };
    }

    private static <T> T checked(Supplier<T> options) {
        try {
            return options.get();
        } catch (IllegalArgumentException e) {
            throw HarnessException.badInput(e.getMessage(), e);
        }
    }
}
