package ringside.emulator.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ringside.emulator.SpecClause;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.CacheMode;
import ringside.emulator.block.ZoneModel;
import ringside.emulator.block.ZoneSpec;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.guest.BlkDriverQueue;
import ringside.emulator.guest.VirtioBlkDriver;
import ringside.emulator.guest.ZoneReport;

/** Our driver gives every zone command to a zoned disk, at random; a plain model says what must come back. */
@SpecClause({"VIRTIO-1.4 5.2.6", "VIRTIO-1.4 5.2.6.1", "VIRTIO-1.4 5.2.6.2"})
class ZonedDiskTest {
    private static final int ZONE = 1 << 16;
    private static final int ZONES = 12;
    private static final int MAX_APPEND = 16384;
    private static final int STEPS = 600;
    private static final int[] COMMANDS = {18, 20, 22, 24, 24, 26};

    @TempDir
    Path folder;

    private Random random;
    private ZoneSpec zones;
    private BlockNodeSpec node;
    private ZoneDiskModel model;
    private Machine machine;
    private VirtioBlkDriver driver;
    private BlkDriverQueue queue;
    private long dataGpa;

    @ParameterizedTest
    @CsvSource({
        "1,HOST_MANAGED,61440,3,5,WRITEBACK,true",
        "2,HOST_MANAGED,65536,0,0,WRITETHROUGH,false",
        "3,HOST_MANAGED,53248,2,0,UNSAFE,true",
        "4,HOST_MANAGED,61440,4,4,WRITEBACK,false",
        "5,HOST_AWARE,0,0,0,WRITEBACK,true",
        "6,HOST_AWARE,0,0,0,WRITETHROUGH,false"
    })
    void everyCommandAtRandom_doesWhatTheModelDoes(
            int seed, ZoneModel kind, int capacity, int maxOpen, int maxActive, CacheMode cache, boolean unmap)
            throws IOException {
        random = new Random(seed);
        Path image = folder.resolve("zoned.raw");
        Files.write(image, new byte[ZONES * ZONE]);
        zones = new ZoneSpec(kind, ZONE, capacity, 2, maxOpen, maxActive, MAX_APPEND);
        BlockNodeSpec raw = new BlockNodeSpec.Raw(image, cache, AioKind.THREADS, false, false, unmap);
        node = new BlockNodeSpec.Zoned(raw, zones, Optional.empty());
        model = new ZoneDiskModel(
                ZONES,
                ZONE,
                capacity,
                2,
                kind == ZoneModel.HOST_MANAGED,
                new int[] {maxOpen, maxActive, MAX_APPEND},
                z -> report().get(z).state() == ZoneDiskModel.IOPEN);
        for (int life = 0; life < 3; life++) {
            live();
            model.powerCycle();
        }
        assertThat(folder.resolve("zoned.raw.zones")).exists();
    }

    private void live() {
        MachineSpec spec = MachineSpecs.of(ThreadingPreset.BIG_LOCK, DiskSpec.of("disk0", node, 1));
        try (Machine built = Machine.build(spec)) {
            machine = built;
            built.start();
            try (GuestDisk disk = new GuestDisk(built, 0)) {
                driver = disk.driver;
                queue = disk.queues.getFirst();
                dataGpa = built.allocator().allocate(4 * ZONE, 4096);
                assertThat(driver.zoneBytes()).isEqualTo(ZONE);
                assertThat(driver.maxAppendBytes()).isEqualTo(MAX_APPEND);
                compareStates("at the start");
                for (int i = 0; i < STEPS; i++) {
                    step(i);
                }
                compareStates("at the end");
                compareContent();
            }
        }
    }

    private void step(int number) {
        int kind = random.nextInt(20);
        String what;
        if (kind < 8) {
            what = write();
        } else if (kind < 12) {
            what = append();
        } else if (kind < 15) {
            what = read();
        } else if (kind < 19) {
            what = command();
        } else {
            assertThat(run(BlkConstants.VIRTIO_BLK_T_FLUSH, 0, 0)).isZero();
            what = "flush";
        }
        if (number % 16 == 0) {
            compareStates("after step " + number + ": " + what);
        }
    }

    /** Mostly at the write pointer; sometimes beside it, over the end, into the next zone. */
    private int someOffset() {
        int zone = random.nextInt(ZONES);
        int at = random.nextInt(8) == 0 ? random.nextInt(ZONE / 512) * 512 : model.written[zone];
        return Math.min(zone * ZONE + at, ZONES * ZONE - 512);
    }

    private byte[] someData(int offset) {
        int sectors = 1 + random.nextInt(random.nextInt(4) == 0 ? 100 : 16);
        byte[] data = new byte[Math.min(sectors * 512, ZONES * ZONE - offset)];
        random.nextBytes(data);
        return data;
    }

    private String write() {
        int offset = someOffset();
        byte[] data = someData(offset);
        boolean zeroes = random.nextInt(6) == 0;
        int status;
        if (zeroes) {
            Arrays.fill(data, (byte) 0);
            putRange(offset, data.length);
            status = run(BlkConstants.VIRTIO_BLK_T_WRITE_ZEROES, 0, 16);
        } else {
            put(data);
            status = run(BlkConstants.VIRTIO_BLK_T_OUT, offset / 512, data.length);
        }
        String what = "write%s of %d at %d".formatted(zeroes ? " zeroes" : "", data.length, offset);
        assertThat(status).as(what).isEqualTo(model.write(offset, data));
        return what;
    }

    private String append() {
        int sector = random.nextInt(ZONES) * (ZONE / 512) + (random.nextInt(20) == 0 ? 1 : 0);
        byte[] data = someData(0);
        put(data);
        int head = queue.submitAppend(sector, dataGpa, data.length);
        int status = await(head);
        String what = "append of %d to sector %d".formatted(data.length, sector);
        assertThat(status).as(what).isEqualTo(model.append(sector, data));
        if (status == ZoneDiskModel.OK) {
            assertThat(queue.appendedSector(head) * 512).as(what).isEqualTo(model.appendedAt);
        }
        return what;
    }

    private String read() {
        int offset = random.nextInt(ZONES * ZONE / 512) * 512;
        int length = Math.min((1 + random.nextInt(128)) * 512, ZONES * ZONE - offset);
        byte[] dirty = new byte[length];
        Arrays.fill(dirty, (byte) 0x77);
        put(dirty);
        int status = run(BlkConstants.VIRTIO_BLK_T_IN, offset / 512, length);
        String what = "read of %d at %d".formatted(length, offset);
        assertThat(status).as(what).isEqualTo(model.read(offset, length));
        if (status == ZoneDiskModel.OK) {
            assertThat(Arrays.equals(get(length), Arrays.copyOfRange(model.content, offset, offset + length)))
                    .as(what)
                    .isTrue();
        }
        return what;
    }

    private String command() {
        int type = COMMANDS[random.nextInt(random.nextInt(30) == 0 ? COMMANDS.length : COMMANDS.length - 1)];
        int sector = random.nextInt(ZONES) * (ZONE / 512) + (random.nextInt(20) == 0 ? 8 : 0);
        String what = "command %d for sector %d".formatted(type, sector);
        assertThat(run(type, sector, 0)).as(what).isEqualTo(model.command(type, sector));
        return what;
    }

    private List<ZoneReport.Zone> report() {
        long reportGpa = dataGpa + 3L * ZONE;
        int head = queue.submit(BlkConstants.VIRTIO_BLK_T_ZONE_REPORT, 0, reportGpa, 64 + 64 * ZONES);
        assertThat(await(head)).isZero();
        return ZoneReport.read(machine.memory(), reportGpa);
    }

    private void compareStates(String when) {
        List<ZoneReport.Zone> seen = report();
        assertThat(seen).hasSize(ZONES);
        for (int z = 0; z < ZONES; z++) {
            ZoneReport.Zone zone = seen.get(z);
            assertThat(zone.state()).as("state of zone %d %s", z, when).isEqualTo(model.state[z]);
            assertThat(zone.startSector()).isEqualTo(z * ZONE / 512);
            if (model.state[z] != ZoneDiskModel.FULL && model.state[z] != ZoneDiskModel.NOT_WP) {
                assertThat(zone.writePointerSector() * 512)
                        .as("write pointer of zone %d %s", z, when)
                        .isEqualTo((long) z * ZONE + model.written[z]);
            }
        }
    }

    private void compareContent() {
        for (int z = 0; z < ZONES; z++) {
            assertThat(run(BlkConstants.VIRTIO_BLK_T_IN, z * ZONE / 512, ZONE)).isZero();
            assertThat(Arrays.equals(get(ZONE), Arrays.copyOfRange(model.content, z * ZONE, (z + 1) * ZONE)))
                    .as("zone %d", z)
                    .isTrue();
        }
    }

    private void putRange(int offset, int length) {
        byte[] range = new byte[16];
        ByteBuffer.wrap(range)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(offset / 512)
                .putInt(length / 512)
                .putInt(random.nextInt(2));
        put(range);
    }

    private void put(byte[] data) {
        long at = machine.memory().translate(dataGpa, data.length);
        MemorySegment.copy(data, 0, machine.memory().ram(), ValueLayout.JAVA_BYTE, at, data.length);
    }

    private byte[] get(int bytes) {
        long at = machine.memory().translate(dataGpa, bytes);
        return machine.memory().ram().asSlice(at, bytes).toArray(ValueLayout.JAVA_BYTE);
    }

    private int run(int type, long sector, int bytes) {
        return await(queue.submit(type, sector, dataGpa, bytes));
    }

    private int await(int head) {
        queue.publish();
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (true) {
            int done = queue.poll();
            if (done != BlkDriverQueue.NONE) {
                assertThat(done).isEqualTo(head);
                return queue.status(head);
            }
            assertThat(System.nanoTime()).as("no answer within 20 s").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
