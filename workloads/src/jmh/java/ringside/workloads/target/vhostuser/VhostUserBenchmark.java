package ringside.workloads.target.vhostuser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.machine.Export;
import ringside.emulator.machine.ExportSpec;
import ringside.emulator.machine.PollSpec;
import ringside.emulator.trace.TraceMode;
import ringside.workloads.target.HaltPolicy;
import ringside.workloads.target.IoTarget;
import ringside.workloads.unit.IoUnit;

/**
 * 4 KiB reads a second from a null node behind a vhost-user-blk server, without the load generator: what the front-end
 * adds to a server. {@code export} is our own server in this JVM, {@code qemu} a qemu-storage-daemon.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-Xmx512m")
public class VhostUserBenchmark {
    private static final int BATCH = 64 * 64;
    private static final long DISK_BYTES = 1L << 30;
    private static final int BLOCK_BYTES = 4096;
    private static final long BLOCKS = DISK_BYTES / BLOCK_BYTES;
    private static final int QUEUE_SIZE = 256;
    private static final long MAX_HALT_NS = 10_000_000;
    private static final long POLL_NS = 1_000_000_000L;

    @Param({"export", "qemu"})
    String server;

    @Param({"poll", "interrupt"})
    String completion;

    @Param({"64", "1"})
    int depth;

    private Path folder;
    private Export export;
    private Process daemon;
    private VhostUserTargets targets;
    private IoTarget target;
    private HaltPolicy halt;
    private boolean polling;
    private IoUnit[] units;
    private IoUnit[] reaped;
    private long position;
    private int done;

    @Setup(Level.Trial)
    public void setUp() throws IOException {
        folder = Files.createTempDirectory("ringside-bench");
        Path socket = folder.resolve("s");
        if (server.equals("export")) {
            openExport(socket);
        } else {
            startDaemon(socket);
        }
        targets = VhostUserTargets.connect(new VhostUserTargetSpec(
                socket, 1, QUEUE_SIZE, true, true, true, 16L << 20, false, 0, 0, VhostUserTargetSpec.Timeouts.DEFAULT));
        target = targets.open(0, 0, 0);
        halt = targets.haltPolicy(0);
        polling = completion.equals("poll");
        units = target.allocateUnits(depth, BLOCK_BYTES);
        reaped = new IoUnit[depth];
        for (IoUnit unit : units) {
            submit(unit);
        }
        target.commit();
    }

    private void openExport(Path socket) {
        export = Export.open(new ExportSpec(
                socket,
                new BlockNodeSpec.Null(DISK_BYTES, 0, false),
                "export0",
                1,
                QUEUE_SIZE,
                1,
                polling() ? new PollSpec(POLL_NS, 0, 1) : PollSpec.QEMU_DEFAULT,
                TraceMode.COUNTERS,
                true,
                true,
                "bench"));
        export.start();
    }

    private boolean polling() {
        return completion.equals("poll");
    }

    private void startDaemon(Path socket) throws IOException {
        daemon = new ProcessBuilder(List.of(
                        "qemu-storage-daemon",
                        "--object",
                        "iothread,id=t0",
                        "--blockdev",
                        "driver=null-co,size=" + DISK_BYTES + ",node-name=n0",
                        "--export",
                        "vhost-user-blk,id=e0,node-name=n0,iothread=t0,addr.type=unix,addr.path=" + socket
                                + ",writable=on"))
                .inheritIO()
                .start();
    }

    private void submit(IoUnit unit) {
        // A stride that is coprime to the number of blocks visits them all; the disk stores nothing, so order is free.
        position = (position + 40_503) % BLOCKS;
        unit.op = IoUnit.Op.READ;
        unit.offsetBytes = position * BLOCK_BYTES;
        unit.lengthBytes = BLOCK_BYTES;
        target.submit(unit);
    }

    /** Reaps and resubmits as the load generator does: all that is there, then all of it again, last in, first out. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long requests() {
        while (done < BATCH) {
            int count = 0;
            IoUnit unit;
            while (count < reaped.length && (unit = target.poll()) != null) {
                reaped[count++] = unit;
            }
            for (int i = count - 1; i >= 0; i--) {
                submit(reaped[i]);
            }
            if (count > 0) {
                target.commit();
                done += count;
            } else if (polling) {
                Thread.onSpinWait();
            } else if (!target.prepareToHalt()) {
                halt.halt(MAX_HALT_NS);
            }
        }
        done -= BATCH; // the last turn may have made more
        return position;
    }

    @TearDown(Level.Trial)
    public void tearDown() throws IOException {
        targets.close();
        if (export != null) {
            export.close();
        }
        if (daemon != null) {
            daemon.destroy();
            daemon.onExit().join();
        }
        Files.deleteIfExists(folder.resolve("s"));
        Files.delete(folder);
    }
}
