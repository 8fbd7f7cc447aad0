package ringside.emulator.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.CacheMode;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.device.blk.BlkOptions;
import ringside.emulator.guest.BlkDriverQueue;
import ringside.emulator.guest.PciDevice;
import ringside.emulator.guest.PciDriver;
import ringside.emulator.guest.PciEnumerator;
import ringside.emulator.guest.VirtioBlkDriver;
import ringside.emulator.machine.Export;
import ringside.emulator.machine.ExportProtocol;
import ringside.emulator.machine.ExportSpec;
import ringside.emulator.machine.PollSpec;
import ringside.emulator.memory.GuestAllocator;
import ringside.emulator.memory.GuestMemories;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.pci.PciAddress;
import ringside.emulator.pci.PciHostBridge;
import ringside.emulator.trace.TraceMode;
import ringside.emulator.transport.InterruptController;

/** A disk of known content behind a server of vfio-user, and our guest as its client. */
final class ServedFunction implements AutoCloseable {
    static final int DISK_BYTES = 1 << 20;
    static final byte CONTENT = 0x5a;

    private final Logger logger = Logger.getLogger("ringside.vfiouser");
    private final boolean parents = logger.getUseParentHandlers();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final Handler recorder = new Recorder();
    private final Path image;
    private final Path socket;
    private final Export export;

    ServedFunction(Path folder) throws IOException {
        logger.addHandler(recorder);
        logger.setUseParentHandlers(false);
        byte[] content = new byte[DISK_BYTES];
        Arrays.fill(content, CONTENT);
        image = Files.write(folder.resolve("disk.raw"), content);
        socket = folder.resolve("s");
        export = Export.open(new ExportSpec(
                socket,
                new BlockNodeSpec.Raw(image, CacheMode.WRITEBACK, AioKind.THREADS, false, false, false),
                "disk0",
                2,
                64,
                1,
                PollSpec.OFF,
                TraceMode.COUNTERS,
                true,
                BlkOptions.DEFAULT,
                "serial",
                false,
                ExportProtocol.VFIO_USER));
        export.start();
    }

    Path image() {
        return image;
    }

    Path socket() {
        return socket;
    }

    Export export() {
        return export;
    }

    /** What the server has logged, one text per record; with the stack trace of what was not expected. */
    List<String> log() {
        return log;
    }

    /** A client that has said hello. */
    VfioUserClient client() {
        VfioUserClient client = new VfioUserClient(socket);
        client.greet();
        return client;
    }

    /** What every test ends with: the next client finds its disk. */
    void assertServes() {
        try (VfioUserClient client = client();
                GuestMemory memory = GuestMemories.one()) {
            readAndWrite(client, memory, 1);
        }
    }

    /** A guest: enumerates, initialises, writes a sector and reads its neighbour. */
    void readAndWrite(VfioUserClient client, GuestMemory memory, int sector) {
        client.share(memory);
        use(client, memory, sector);
    }

    /** The same in memory that is shared already; the device stays as it is. */
    void use(VfioUserClient client, GuestMemory memory, int sector) {
        PciHostBridge bridge = new PciHostBridge();
        PciAddress slot = bridge.attach(client);
        InterruptController controller = new InterruptController();
        client.connect(controller.sink(slot));
        PciDevice device = PciEnumerator.enumerate(bridge).getFirst();
        PciDriver transport = new PciDriver(device, controller);
        assertThat(transport.usesMsix()).isTrue();
        GuestAllocator allocator = new GuestAllocator(memory);
        VirtioBlkDriver driver = new VirtioBlkDriver(transport, memory, allocator);
        Semaphore interrupts = new Semaphore(0);
        transport.routeInterrupt(0, interrupts::release);
        driver.initialise(List.of());
        assertThat(driver.capacityBytes()).isEqualTo(DISK_BYTES);
        BlkDriverQueue queue = driver.queues().getFirst();
        long buffer = allocator.allocate(512, 512);
        long at = memory.translate(buffer, 512);
        memory.ram().asSlice(at, 512).fill((byte) 0x77);
        complete(queue, interrupts, BlkConstants.VIRTIO_BLK_T_OUT, sector, buffer);
        complete(queue, interrupts, BlkConstants.VIRTIO_BLK_T_IN, sector + 1, buffer);
        assertThat(memory.ram().get(ValueLayout.JAVA_BYTE, at)).isEqualTo(CONTENT);
    }

    private static void complete(BlkDriverQueue queue, Semaphore interrupts, int type, long sector, long buffer) {
        queue.enableInterrupts();
        int head = queue.submit(type, sector, buffer, 512);
        queue.publish();
        long start = System.nanoTime();
        int done = queue.poll();
        while (done == BlkDriverQueue.NONE && System.nanoTime() - start < VfioUserClient.PATIENCE_NS) {
            try {
                assertThat(interrupts.tryAcquire(20, TimeUnit.SECONDS))
                        .as("an interrupt")
                        .isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            queue.handleInterrupt();
            done = queue.poll();
        }
        assertThat(done).isEqualTo(head);
        assertThat(queue.status(head)).isEqualTo(BlkConstants.VIRTIO_BLK_S_OK);
    }

    @Override
    public void close() {
        export.close();
        logger.removeHandler(recorder);
        logger.setUseParentHandlers(parents);
    }

    /** Keeps what the server logs. */
    private final class Recorder extends Handler {
        @Override
        public void publish(LogRecord line) {
            String trace = line.getThrown() == null ? "" : " " + line.getThrown();
            log.add(new SimpleFormatter().formatMessage(line) + trace);
        }

        @Override
        public void flush() {
            // nothing is held back
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
