package ringside.emulator.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.emulator.SpecClause;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.CacheMode;
import ringside.emulator.block.ZoneModel;
import ringside.emulator.block.ZoneSpec;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.guest.BlkDriverQueue;
import ringside.emulator.memory.Le;

/** Appends to the same zones from four queues, whose loops run side by side: each gets a place of its own. */
@SpecClause("VIRTIO-1.4 5.2.6.2")
class ZonedAppendsTest {
    private static final int QUEUES = 4;
    private static final int DEPTH = 16;
    private static final int BLOCK = 4096;
    private static final int ZONE = 1 << 20;
    private static final int ZONES = 4;
    private static final int BLOCKS = ZONES * ZONE / BLOCK;

    @TempDir
    Path folder;

    /** Where each append went, by the stamp in its data. */
    private final Map<Long, Long> sectorOf = new HashMap<>();

    private Machine machine;
    private List<BlkDriverQueue> queues;
    private long bufferGpa;

    @ParameterizedTest
    @EnumSource(
            value = ThreadingPreset.class,
            names = {"IOTHREAD_VQ_MAPPING", "MAIN_LOOP"})
    void appendsOfSeveralQueues_fillTheZonesWithoutOverlap(ThreadingPreset threading) throws IOException {
        Path image = folder.resolve("zoned.raw");
        Files.write(image, new byte[ZONES * ZONE]);
        BlockNodeSpec node = new BlockNodeSpec.Zoned(
                new BlockNodeSpec.Raw(image, CacheMode.WRITEBACK, AioKind.THREADS, false, false, true),
                new ZoneSpec(ZoneModel.HOST_MANAGED, ZONE, 0, 0, 2, 0, BLOCK),
                Optional.empty());
        DiskSpec disk = DiskSpec.of("disk0", node, QUEUES);
        int iothreads = threading == ThreadingPreset.MAIN_LOOP ? 0 : QUEUES;
        try (Machine built = Machine.build(MachineSpecs.of(threading, iothreads, List.of(), disk))) {
            machine = built;
            built.start();
            try (GuestDisk guest = new GuestDisk(built, 0)) {
                queues = guest.queues;
                bufferGpa = built.allocator()
                        .allocate((long) QUEUES * queues.getFirst().heads() * BLOCK, BLOCK);
                appendAll();
            }
        }
        checkImage(Files.readAllBytes(image));
    }

    private void appendAll() {
        int submitted = 0;
        int answered = 0;
        int[] inFlight = new int[QUEUES];
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (answered < BLOCKS) {
            for (int q = 0; q < QUEUES; q++) {
                BlkDriverQueue queue = queues.get(q);
                while (inFlight[q] < DEPTH && submitted < BLOCKS) {
                    append(q, submitted++);
                    inFlight[q]++;
                }
                queue.publish();
                for (int head = queue.poll(); head != BlkDriverQueue.NONE; head = queue.poll()) {
                    assertThat(queue.status(head)).isEqualTo(BlkConstants.VIRTIO_BLK_S_OK);
                    long stamp = Le.get64(machine.memory().ram(), buffer(q, head));
                    sectorOf.put(stamp, queue.appendedSector(head));
                    inFlight[q]--;
                    answered++;
                }
            }
            assertThat(System.nanoTime())
                    .as("%d of %d answered", answered, BLOCKS)
                    .isLessThan(deadline);
        }
    }

    private long gpa(int queue, int head) {
        return bufferGpa + ((long) queue * queues.getFirst().heads() + head) * BLOCK;
    }

    private long buffer(int queue, int head) {
        return machine.memory().translate(gpa(queue, head), BLOCK);
    }

    /** As many to each zone as it takes, so that zones are filled side by side and give way to one another. */
    private void append(int q, int number) {
        BlkDriverQueue queue = queues.get(q);
        int head = queue.nextHead();
        Le.put64(machine.memory().ram(), buffer(q, head), number + 1L);
        long zoneSector = (long) (number % ZONES) * ZONE / 512;
        assertThat(queue.submitAppend(zoneSector, gpa(q, head), BLOCK)).isEqualTo(head);
    }

    private void checkImage(byte[] content) {
        assertThat(sectorOf).hasSize(BLOCKS);
        assertThat(sectorOf.values()).doesNotHaveDuplicates();
        ByteBuffer image = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        sectorOf.forEach((stamp, sector) -> {
            assertThat(sector / (ZONE / 512)).as("zone of %d", stamp).isEqualTo((stamp - 1) % ZONES);
            assertThat(image.getLong((int) (sector * 512)))
                    .as("sector %d", sector)
                    .isEqualTo(stamp);
        });
    }
}
