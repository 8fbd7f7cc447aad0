package ringside.emulator.vhostuser.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.CacheMode;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.NativeException;
import ringside.emulator.guest.BlkDriverQueue;
import ringside.emulator.guest.VirtioBlkDriver;
import ringside.emulator.machine.Export;
import ringside.emulator.machine.ExportSpec;
import ringside.emulator.machine.PollSpec;
import ringside.emulator.memory.GuestAllocator;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.memory.GuestRegionSpec;
import ringside.emulator.trace.TraceMode;
import ringside.emulator.vhostuser.client.FrontEndSpec;
import ringside.emulator.vhostuser.client.VhostUserFrontEnd;
import ringside.emulator.virtqueue.RawSplitRing;

/** A disk of known content behind a server, and what can be said of the server after a hostile front-end. */
final class ServedDisk implements AutoCloseable {
    static final int QUEUES = 4;
    static final int QUEUE_SIZE = 256;
    static final int DISK_BYTES = 1 << 20;
    static final byte CONTENT = 0x5a;

    private static final long GPA = 0x4000_0000L;
    private static final int MEMORY_BYTES = 4 << 20;
    private static final int BLOCK_BYTES = 4096;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(20);

    private final Path socket;
    private final Export export;
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final Logger logger = Logger.getLogger("ringside.vhostuser");
    private final Handler handler = new Recorder();
    private final boolean parents = logger.getUseParentHandlers();

    ServedDisk(Path folder) throws IOException {
        byte[] content = new byte[DISK_BYTES];
        Arrays.fill(content, CONTENT);
        Path image = Files.write(folder.resolve("disk.raw"), content);
        socket = folder.resolve("s");
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        export = Export.open(new ExportSpec(
                socket,
                new BlockNodeSpec.Raw(image, CacheMode.WRITEBACK, AioKind.THREADS, false, false, false),
                "disk0",
                QUEUES,
                QUEUE_SIZE,
                2,
                PollSpec.OFF,
                TraceMode.COUNTERS,
                true,
                true,
                "serial"));
        export.start();
    }

    Path socket() {
        return socket;
    }

    Export export() {
        return export;
    }

    /** Waits for a place in the queue of those who want to connect. */
    RawFrontEnd connect() {
        RawFrontEnd[] peer = new RawFrontEnd[1];
        await("the server is busy", () -> {
            try {
                peer[0] = new RawFrontEnd(socket);
                return true;
            } catch (NativeException e) {
                assertThat(e.errno()).isEqualTo(Errno.EAGAIN);
                return false;
            }
        });
        return peer[0];
    }

    /** The messages so far, each with its stack trace where it has one. */
    List<String> log() {
        return log;
    }

    /** A well-behaved front-end connects, negotiates, and reads a block on each queue. */
    void assertServes() {
        GuestMemory memory = GuestMemory.allocate(List.of(new GuestRegionSpec(GPA, MEMORY_BYTES)), false);
        FrontEndSpec spec = FrontEndSpec.of(socket, QUEUES, QUEUE_SIZE).withTimeouts(PATIENCE_NS, PATIENCE_NS);
        try (memory;
                VhostUserFrontEnd frontEnd = VhostUserFrontEnd.connect(spec, memory)) {
            GuestAllocator allocator = new GuestAllocator(memory);
            VirtioBlkDriver driver = new VirtioBlkDriver(frontEnd, memory, allocator);
            driver.initialise(List.of());
            assertThat(driver.capacityBytes()).isEqualTo(DISK_BYTES);
            long buffer = allocator.allocate(BLOCK_BYTES, BLOCK_BYTES);
            long at = memory.translate(buffer, BLOCK_BYTES);
            for (BlkDriverQueue queue : driver.queues()) {
                memory.ram().asSlice(at, BLOCK_BYTES).fill((byte) 0);
                queue.submit(BlkConstants.VIRTIO_BLK_T_IN, 8, buffer, BLOCK_BYTES);
                queue.publish();
                int head = awaitCompletion(queue);
                assertThat(queue.status(head)).isEqualTo(BlkConstants.VIRTIO_BLK_S_OK);
                assertThat(memory.ram().get(ValueLayout.JAVA_BYTE, at + BLOCK_BYTES - 1))
                        .isEqualTo(CONTENT);
            }
        }
    }

    private static int awaitCompletion(BlkDriverQueue queue) {
        long deadline = System.nanoTime() + PATIENCE_NS;
        int head = queue.poll();
        while (head == BlkDriverQueue.NONE) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("queue " + queue.index() + " does not answer");
            }
            Thread.onSpinWait();
            head = queue.poll();
        }
        return head;
    }

    /** Lets a front-end that is made of these bytes come and go. */
    void suffer(byte[] input) {
        try (RawFrontEnd peer = connect();
                RawDriver driver = new RawDriver()) {
            new MessageSequence(input).play(peer, driver);
        }
        awaitAlone();
    }

    /** Waits until nobody is connected. */
    void awaitAlone() {
        await("a connection stays open", () -> !export.snapshot().connected());
    }

    /** Waits until the ring shows so many used elements. */
    static void awaitUsed(RawSplitRing ring, int idx) {
        await("used.idx stays " + ring.usedIdx(), () -> ring.usedIdx() == idx);
    }

    static void await(String otherwise, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE_NS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(otherwise);
            }
            LockSupport.parkNanos(100_000);
        }
    }

    /** Open descriptors of this process. */
    static long openFiles() {
        try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
            return fds.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            export.close();
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(parents);
        }
    }

    /** Keeps what the server logs. */
    private final class Recorder extends Handler {
        private final SimpleFormatter formatter = new SimpleFormatter();

        @Override
        public void publish(LogRecord entry) {
            String trace = entry.getThrown() == null ? "" : " " + entry.getThrown();
            log.add(formatter.formatMessage(entry) + trace);
        }

        @Override
        public void flush() {
            // Nothing is held back.
        }

        @Override
        public void close() {
            // Nothing to close.
        }
    }
}
