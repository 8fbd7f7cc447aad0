package ringside.emulator.machine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.ImageInUseException;
import ringside.emulator.device.blk.BlkSettings;
import ringside.emulator.device.blk.VirtioBlk;
import ringside.emulator.eventloop.BigLock;
import ringside.emulator.eventloop.IoThread;
import ringside.emulator.localsocket.PeerServer;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.trace.CounterBlock;
import ringside.emulator.trace.CounterId;
import ringside.emulator.transport.KickPolicy;
import ringside.emulator.transport.PciTransport;
import ringside.emulator.transport.TransportParts;
import ringside.emulator.vfiouser.VfioUserServer;
import ringside.emulator.vhostuser.server.VhostUserServer;

/**
 * A disk that other processes use over vhost-user-blk or, as a PCI function, over vfio-user: storage, IOThreads, device and server. Open, {@link #start()},
 * {@link #close()}; these belong to one thread, {@link #snapshot()} may be called from any.
 */
public final class Export implements AutoCloseable {
    /**
     * The front-end chooses the size of its queues and does not adapt seg_max to it, and Linux fills indirect tables up to
     * seg_max even where the queue is smaller. This is the size that QEMU gives its vhost-user-blk device by default.
     */
    private static final int FRONT_END_QUEUE_SIZE = 128;

    /** Address space for the memory of a front-end; costs nothing until it is mapped. */
    private static final long WINDOW_BYTES = 1L << 40;

    /** How long to wait for the image of a server that was killed: the kernel still finishes its requests. */
    private static final long LOCK_PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);

    private static final long LOCK_RETRY_MS = 20;

    private final BlockNode node;
    private final ExportContexts contexts;
    private final VirtioBlk device;
    private final PeerServer server;

    /** What to undo, newest first: also when opening fails half-way. */
    private final Deque<AutoCloseable> cleanUp = new ArrayDeque<>();

    private Export(ExportSpec spec) {
        try {
            node = undoLater(openWhenFree(spec.node()));
            GuestMemory memory = undoLater(GuestMemory.window(WINDOW_BYTES));
            contexts = undoLater(new ExportContexts(spec, node));
            device = new VirtioBlk(
                    settings(spec), node, memory, contexts, spec.trace().counts());
            cleanUp.addLast(device::close); // its kicks, when no loop polls them any more
            server = server(spec, memory);
        } catch (RuntimeException e) {
            undo();
            throw e;
        }
    }

    private PeerServer server(ExportSpec spec, GuestMemory memory) {
        Runnable memoryChanged = () -> contexts.memoryChanged(memory);
        if (spec.protocol() == ExportProtocol.VHOST_USER) {
            return new VhostUserServer(spec.socket(), device, memory, memoryChanged);
        }
        device.attachWithRings();
        BigLock lock = undoLater(new BigLock(false));
        TransportParts parts = new TransportParts(device, memory, lock, KickPolicy.IOEVENTFD);
        // One vector for configuration changes and one per queue, as QEMU's virtio-blk-pci has.
        return new VfioUserServer(spec.socket(), new PciTransport(parts, spec.queues() + 1), memory, memoryChanged);
    }

    /**
     * Opens the storage and binds the socket; nobody is served yet. Waits up to 10 s for an image that is locked: the
     * kernel keeps it locked until the last request of a killed server is done, and only then may another one write.
     *
     * @throws IllegalArgumentException when the image, the socket or an option is not usable: one line with the remedy
     * @throws ringside.emulator.ffi.NativeException when the host refuses
     */
    public static Export open(ExportSpec spec) {
        return new Export(spec);
    }

    private static BlockNode openWhenFree(BlockNodeSpec spec) {
        long start = System.nanoTime();
        while (true) {
            try {
                return BlockNodes.open(spec);
            } catch (ImageInUseException e) {
                if (System.nanoTime() - start > LOCK_PATIENCE_NS || !sleep()) {
                    throw e;
                }
            }
        }
    }

    private static boolean sleep() {
        try {
            Thread.sleep(LOCK_RETRY_MS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    static BlkSettings settings(ExportSpec spec) {
        return new BlkSettings(
                spec.id(),
                spec.queues(),
                spec.queueSize(),
                spec.options().segMax() == 0
                        ? Math.max(1, Math.min(FRONT_END_QUEUE_SIZE, spec.queueSize()) - 2)
                        : spec.options().segMax(),
                true,
                true,
                spec.configWce(),
                spec.serial(),
                spec.options());
    }

    private <T extends AutoCloseable> T undoLater(T resource) {
        cleanUp.push(resource);
        return resource;
    }

    /** Starts IOThreads and server. */
    public void start() {
        contexts.start();
        server.start();
    }

    /** The storage: size and effective options. */
    public BlockNode node() {
        return node;
    }

    /** All counters now. */
    public ExportSnapshot snapshot() {
        Map<String, Map<CounterId, Long>> counters = new TreeMap<>();
        Stream.concat(contexts.loops().stream().map(IoThread::counters), device.counters())
                .forEach(block -> counters.put(block.owner(), values(block)));
        return new ExportSnapshot(counters, server.connections(), server.connected());
    }

    private static Map<CounterId, Long> values(CounterBlock block) {
        Map<CounterId, Long> values = new EnumMap<>(CounterId.class);
        for (CounterId id : CounterId.values()) {
            values.put(id, block.value(id));
        }
        return values;
    }

    /** Finishes the requests in flight, ends the connection, removes the socket, frees everything. */
    @Override
    public void close() {
        server.close();
        undo();
    }

    private void undo() {
        while (!cleanUp.isEmpty()) {
            try {
                cleanUp.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("cannot close an export: " + e.getMessage(), e);
            }
        }
    }
}
