package ringside.emulator.vhostuser.client;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.guest.VirtioBlkDriver;
import ringside.emulator.memory.GuestAllocator;
import ringside.emulator.memory.GuestMemories;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.memory.Le;

/** Guest memory with a hole, a fake server, and the guest's driver on a front-end between them. */
final class FrontEndFixture implements AutoCloseable {
    static final int QUEUE_SIZE = 16;
    static final long SOON_NS = TimeUnit.MILLISECONDS.toNanos(200);

    /** What the driver takes of the fake server's offer. */
    static final long DRIVER_FEATURES = VirtioFeatures.VIRTIO_F_VERSION_1
            | VirtioFeatures.VIRTIO_F_EVENT_IDX
            | VirtioFeatures.VIRTIO_F_INDIRECT_DESC
            | BlkConstants.VIRTIO_BLK_F_MQ;

    final GuestMemory memory = GuestMemories.two();
    final FakeBackEnd server;
    final FrontEndSpec spec;
    VhostUserFrontEnd frontEnd;
    VirtioBlkDriver driver;

    FrontEndFixture(Path folder) {
        server = new FakeBackEnd(folder.resolve("fake.sock"));
        spec = FrontEndSpec.of(folder.resolve("fake.sock"), 2, QUEUE_SIZE).withTimeouts(SOON_NS, SOON_NS);
    }

    FrontEndFixture connect() {
        return connect(spec);
    }

    FrontEndFixture connect(FrontEndSpec with) {
        frontEnd = VhostUserFrontEnd.connect(with, memory);
        driver = new VirtioBlkDriver(frontEnd, memory, new GuestAllocator(memory));
        return this;
    }

    /** Connects and initialises the driver; forgets what was said so far. */
    FrontEndFixture started() {
        connect();
        driver.initialise(List.of());
        server.takeTranscript();
        return this;
    }

    /** Guest physical address of a part of a queue's ring, in the order in which the driver allocates them. */
    RingPlace ring(int queue) {
        GuestAllocator same = new GuestAllocator(memory);
        RingPlace place = null;
        for (int q = 0; q <= queue; q++) {
            place = new RingPlace(
                    same.allocate(16L * QUEUE_SIZE, 128),
                    same.allocate(6L + 2L * QUEUE_SIZE, 128),
                    same.allocate(6L + 8L * QUEUE_SIZE, 128));
            same.allocate(16L * QUEUE_SIZE * 8, 64); // indirect tables
            same.allocate(16L * QUEUE_SIZE, 128); // headers
            same.allocate(QUEUE_SIZE, 128); // status bytes
        }
        return place;
    }

    record RingPlace(long descGpa, long availGpa, long usedGpa) {}

    /** Plays the device: as if it had used this many buffers. */
    void usedIdx(int queue, int idx) {
        Le.put16(memory.ram(), memory.translate(ring(queue).usedGpa() + 2, 2), idx);
    }

    /** Plays the driver: as if it had made this many buffers available. */
    void availIdx(int queue, int idx) {
        Le.put16(memory.ram(), memory.translate(ring(queue).availGpa() + 2, 2), idx);
    }

    @Override
    public void close() {
        try {
            if (frontEnd != null) {
                frontEnd.close();
            }
        } finally {
            server.close();
            memory.close();
        }
    }
}
