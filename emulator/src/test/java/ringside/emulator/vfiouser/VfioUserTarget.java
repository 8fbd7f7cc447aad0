package ringside.emulator.vfiouser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import ringside.emulator.device.blk.BlkSettings;
import ringside.emulator.device.blk.VirtioBlk;
import ringside.emulator.eventloop.BigLock;
import ringside.emulator.fuzz.Check;
import ringside.emulator.fuzz.FuzzContexts;
import ringside.emulator.fuzz.FuzzDisk;
import ringside.emulator.fuzz.FuzzTarget;
import ringside.emulator.fuzz.StepLoop;
import ringside.emulator.localsocket.LocalListener;
import ringside.emulator.localsocket.LocalSocket;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.memory.GuestRegionSpec;
import ringside.emulator.transport.KickPolicy;
import ringside.emulator.transport.PciTransport;
import ringside.emulator.transport.TransportParts;

/**
 * The session of a vfio-user server over a virtio-pci function, without threads: a client made of bytes says everything it has
 * to say, with descriptors of all kinds, and then its messages are served on the same thread. The oracle: the session ends in
 * order, each command is answered once and in order ({@link FuzzedClient}), nothing stays mapped or open, and no request goes
 * beyond the disk.
 */
public final class VfioUserTarget implements FuzzTarget {
    private static final int QUEUES = 2;
    private static final int QUEUE_SIZE = 256;
    private static final long WINDOW_BYTES = 8L << 30;
    private static final int RING_BYTES = 0x4000;
    private static final int COUNT_FILES_EVERY = 4096;

    private final Path folder;
    private final LocalListener listener;
    private final Logger logger = Logger.getLogger("ringside.vfiouser");
    private final Level level = logger.getLevel();
    private final GuestMemory window = GuestMemory.window(WINDOW_BYTES);
    private final GuestMemory guest =
            GuestMemory.allocate(List.of(new GuestRegionSpec(ClientSequence.GPA, ClientSequence.MEMORY_BYTES)), false);
    private final FuzzedClient.Files files = new FuzzedClient.Files();
    private final ClientSequence sequence = new ClientSequence(guest, files);
    private final FuzzDisk disk = new FuzzDisk(false, request -> {});
    private final StepLoop loop = new StepLoop();
    private final BigLock lock = new BigLock(false);
    private final VirtioBlk device;
    private final PciTransport function;
    private long openFiles;
    private int inputs;

    public VfioUserTarget() {
        try {
            folder = Files.createTempDirectory("ringside-fuzz-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        listener = LocalListener.bind(folder.resolve("s"));
        logger.setLevel(Level.OFF); // thousands of refusals a second
        device = new VirtioBlk(
                new BlkSettings("disk0", QUEUES, QUEUE_SIZE, QUEUE_SIZE - 2, true, true, true, true, "serial"),
                disk,
                window,
                new FuzzContexts(loop, disk, () -> disk.end(0, 0)),
                true);
        function = new PciTransport(new TransportParts(device, window, lock, KickPolicy.TRAPPED), QUEUES + 1);
    }

    @Override
    public void run(byte[] input) {
        disk.reset();
        guest.ram().asSlice(0, RING_BYTES).fill((byte) 0);
        try (FuzzedClient client = new FuzzedClient(LocalSocket.connect(listener.path()))) {
            LocalSocket accepted = listener.accept().orElseThrow();
            sequence.play(input, client);
            new VfioUserSession(accepted, function, window, loop::work).serve();
            client.checkReplies();
        }
        loop.step();
        Check.that(window.regionCount() == 0, "%d regions stay mapped", window.regionCount());
        countFiles();
    }

    private void countFiles() {
        if (++inputs % COUNT_FILES_EVERY != 0) {
            return;
        }
        try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
            long open = fds.count();
            Check.that(
                    openFiles == 0 || open <= openFiles, "descriptors stay open: %d, there were %d", (int) open, (int)
                            openFiles);
            openFiles = open;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        device.close();
        files.close();
        guest.close();
        window.close();
        listener.close();
        listener.free();
        logger.setLevel(level);
        try {
            Files.deleteIfExists(folder.resolve("s"));
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
