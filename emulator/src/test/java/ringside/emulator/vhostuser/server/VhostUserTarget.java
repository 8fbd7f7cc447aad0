package ringside.emulator.vhostuser.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import ringside.emulator.device.blk.BlkSettings;
import ringside.emulator.device.blk.VirtioBlk;
import ringside.emulator.fuzz.Check;
import ringside.emulator.fuzz.FuzzContexts;
import ringside.emulator.fuzz.FuzzDisk;
import ringside.emulator.fuzz.FuzzTarget;
import ringside.emulator.fuzz.StepLoop;
import ringside.emulator.localsocket.LocalListener;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.vhostuser.VhostUserSocket;

/**
 * The connection of a vhost-user server, without its threads: a front-end made of bytes says everything it has to say, with
 * descriptors of all kinds, and then the messages are served on the same thread, with the rings worked on between them. The
 * oracle: the connection ends in order, nothing stays mapped or open, and no request goes beyond the disk.
 */
public final class VhostUserTarget implements FuzzTarget {
    private static final int QUEUES = 4;
    private static final int QUEUE_SIZE = 256;
    private static final long WINDOW_BYTES = 8L << 30;
    private static final int RING_BYTES = 0x4000;
    private static final int COUNT_FILES_EVERY = 4096;

    /** Whatever message was begun, this ends it and then is no request: version 0. */
    private static final byte[] END = new byte[2100];

    private final Path folder;
    private final LocalListener listener;
    private final Logger logger = Logger.getLogger("ringside.vhostuser");
    private final Level level = logger.getLevel();
    private final GuestMemory window = GuestMemory.window(WINDOW_BYTES);
    private long requests;
    private final FuzzDisk disk = new FuzzDisk(false, _ -> requests++);
    private final StepLoop loop = new StepLoop();
    private final VirtioBlk device;
    private final RawDriver driver = new RawDriver();
    private long files;
    private int inputs;

    public VhostUserTarget() {
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
                new FuzzContexts(loop, disk, () -> disk.end(0, 0), loop::work),
                true);
    }

    @Override
    public void run(byte[] input) {
        disk.reset();
        driver.memory.ram().asSlice(0, RING_BYTES).fill((byte) 0);
        try (RawFrontEnd peer = new RawFrontEnd(VhostUserSocket.connect(listener.path()), false)) {
            Optional<VhostUserSocket> accepted = listener.accept().map(VhostUserSocket::new);
            speak(input, peer);
            new BackEndConnection(accepted.orElseThrow(), device, window, () -> {}).serve();
        }
        Check.that(window.regionCount() == 0, "%d regions stay mapped", window.regionCount());
        countFiles();
    }

    /** Requests that have reached the disk. */
    long requests() {
        return requests;
    }

    private void speak(byte[] input, RawFrontEnd peer) {
        new MessageSequence(input).play(peer, driver);
        try {
            peer.sendBytes(END);
        } catch (AssertionError full) {
            throw new IllegalStateException("the front-end says more than a socket holds", full);
        }
    }

    private void countFiles() {
        if (++inputs % COUNT_FILES_EVERY != 0) {
            return;
        }
        long open = ServedDisk.openFiles();
        Check.that(files == 0 || open <= files, "descriptors stay open: %d, there were %d", (int) open, (int) files);
        files = open;
    }

    @Override
    public void close() {
        device.close();
        driver.close();
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
