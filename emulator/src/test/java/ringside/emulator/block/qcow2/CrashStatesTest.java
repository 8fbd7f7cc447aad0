package ringside.emulator.block.qcow2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.CacheMode;
import ringside.emulator.block.FileSpec;
import ringside.emulator.block.NodeFixture;
import ringside.emulator.block.Qcow2Backing;
import ringside.emulator.block.Qcow2Caches;
import ringside.emulator.block.Qcow2Options;
import ringside.emulator.block.Qcow2Spec;
import ringside.emulator.block.qcow2.tool.CheckResult;
import ringside.emulator.block.qcow2.tool.Qcow2Check;

/**
 * The power fails at every write, and what had not been flushed by then arrives in any part, in any order and with torn
 * clusters. The image has no corruption then, and every sector that a flush acknowledged is there. More states with
 * {@code -Dringside.crash.samples=100}.
 */
class CrashStatesTest {
    private static final int SECTOR = 512;
    private static final int DISK = 512 << 10;

    /** Lowest byte of the incompatible features. */
    private static final int DIRTY_BYTE = 79;

    private static final int SAMPLES = Integer.getInteger("ringside.crash.samples", 1);

    /** At every how manyth write. */
    private static final int STRIDE = Integer.getInteger("ringside.crash.stride", 5);

    /** What a guest does between two flushes; seldom a flush. */
    enum Workload {
        SEQUENTIAL("cluster_size=4k", 10, 0, 0),
        RANDOM_SMALL("cluster_size=4k", 10, 0, 0),
        RANDOM_TINY_CLUSTERS("cluster_size=512", 8, 0, 0),
        RANDOM_WIDE_REFCOUNTS("cluster_size=512,refcount_bits=64", 8, 0, 0),
        FLUSH_OFTEN("cluster_size=4k", 1, 0, 0),
        ZEROES("cluster_size=4k", 8, 3, 0),
        DISCARDS("cluster_size=4k", 8, 0, 3),
        DISCARDS_OLD_VERSION("cluster_size=4k,compat=0.10", 8, 1, 3),
        DISCARDS_TINY("cluster_size=512", 8, 1, 3),
        OVERLAY("cluster_size=4k", 8, 1, 1),
        SUBCLUSTERS("cluster_size=16k,extended_l2=on", 8, 2, 1),
        SUBCLUSTER_OVERLAY("cluster_size=16k,extended_l2=on", 8, 1, 1),
        SNAPSHOT("cluster_size=4k", 8, 1, 1),
        TINY_CACHE("cluster_size=512", 20, 1, 1),
        FUA("cluster_size=4k", 60, 1, 0),
        LAZY("cluster_size=4k,lazy_refcounts=on", 8, 1, 1);

        final String options;
        final int roundsPerFlush;
        final int zeroes;
        final int discards;

        Workload(String options, int roundsPerFlush, int zeroes, int discards) {
            this.options = options;
            this.roundsPerFlush = roundsPerFlush;
            this.zeroes = zeroes;
            this.discards = discards;
        }
    }

    /** A flush that has ended: how many events had been recorded when it began, and what it made stable. */
    private record Acknowledged(int events, int log, long[] tags) {}

    /** A change by the guest: from now on the sector may have this tag. */
    private record Change(int sector, long tag) {}

    @TempDir
    private Path folder;

    private final List<Change> changes = new ArrayList<>();
    private final List<Acknowledged> flushes = new ArrayList<>();
    private final long[] current = new long[DISK / SECTOR];
    private Random random;
    private long nextTag = 1;
    private long states;

    @ParameterizedTest
    @EnumSource(Workload.class)
    void everyStateAfterACrash_hasNoCorruptionAndEverythingThatWasFlushed(Workload workload) throws IOException {
        random = new Random(workload.ordinal());
        long[] behind = new long[0];
        Qcow2Spec spec = Qcow2Spec.of(new FileSpec(raw("a.qcow2")));
        if (workload.name().contains("OVERLAY")) {
            behind = writeBase();
            BlockNodeSpec base = new FileSpec(new BlockNodeSpec.Raw(
                    folder.resolve("base.raw"), CacheMode.WRITEBACK, AioKind.THREADS, false, true, false));
            spec = new Qcow2Spec(spec.file(), new Qcow2Backing.Node(base), Optional.empty(), spec.options());
        }
        if (workload == Workload.TINY_CACHE) {
            spec = spec.with(tinyCache(spec.options()));
        }
        QemuTools.img(folder, "create", "-q", "-f", "qcow2", "-o", workload.options, "a.qcow2", Integer.toString(DISK));
        byte[] initial = Files.readAllBytes(folder.resolve("a.qcow2"));
        System.arraycopy(behind, 0, current, 0, behind.length);
        if (workload == Workload.SNAPSHOT) {
            initial = snapshotted(initial, spec);
        }
        MemoryNode memory = new MemoryNode(initial, workload.ordinal());
        flushes.add(new Acknowledged(0, 0, current.clone()));
        run(workload, memory, spec);
        replay(workload, initial, memory.recorded(), behind);
        System.out.println(workload + ": " + memory.eventCount() + " events, " + states + " states");
    }

    private BlockNodeSpec.Raw raw(String name) {
        return new BlockNodeSpec.Raw(folder.resolve(name), CacheMode.WRITEBACK, AioKind.THREADS, false, false, true);
    }

    private static Qcow2Options tinyCache(Qcow2Options options) {
        return new Qcow2Options(
                false,
                true,
                options.lazyRefcounts(),
                new Qcow2Caches(1024, 512, 0, 0, 0),
                options.overlapCheck(),
                options.locking(),
                options.continuation(),
                Optional.empty(),
                List.of());
    }

    private long[] writeBase() throws IOException {
        ByteBuffer base = ByteBuffer.allocate(DISK - 20 * SECTOR);
        long[] tags = new long[base.capacity() / SECTOR];
        for (int sector = 0; sector < tags.length; sector++) {
            tags[sector] = nextTag++;
            fill(base, sector, tags[sector]);
        }
        Files.write(folder.resolve("base.raw"), base.array());
        return tags;
    }

    private static void fill(ByteBuffer buffer, int sector, long tag) {
        for (int i = 0; i < SECTOR; i += 8) {
            buffer.putLong(sector * SECTOR + i, tag);
        }
    }

    /** An image with data of which a snapshot has been made, so that tables and clusters are shared. */
    private byte[] snapshotted(byte[] empty, Qcow2Spec spec) throws IOException {
        MemoryNode memory = new MemoryNode(empty, 1);
        try (NodeFixture fixture = new NodeFixture(Qcow2Opener.open(spec, memory))) {
            for (int i = 0; i < 20; i++) {
                round(fixture, Workload.RANDOM_SMALL, i, memory);
            }
        }
        Files.write(folder.resolve("a.qcow2"), memory.content());
        QemuTools.img(folder, "snapshot", "-c", "s", "a.qcow2");
        changes.clear();
        return Files.readAllBytes(folder.resolve("a.qcow2"));
    }

    private void run(Workload workload, MemoryNode memory, Qcow2Spec spec) {
        for (int session = 0; session < 2; session++) {
            try (NodeFixture fixture = new NodeFixture(Qcow2Opener.open(spec, memory))) {
                for (int i = 0; i < 60; i++) {
                    round(fixture, workload, session * 60 + i, memory);
                    if (random.nextInt(workload.roundsPerFlush) == 0) {
                        flush(fixture, memory);
                    }
                }
            }
            flushes.add(new Acknowledged(memory.eventCount(), changes.size(), current.clone()));
        }
    }

    private void flush(NodeFixture fixture, MemoryNode memory) {
        int log = changes.size();
        assertThat(fixture.run(BlockOp.FLUSH, 0, 0)).isZero();
        flushes.add(new Acknowledged(memory.eventCount(), log, current.clone()));
    }

    /** Some requests at a time, on disjoint ranges. */
    private void round(NodeFixture fixture, Workload workload, int number, MemoryNode memory) {
        int lanes = 1 + random.nextInt(4);
        int room = DISK / SECTOR / lanes;
        List<NodeFixture.Request> requests = new ArrayList<>();
        for (int lane = 0; lane < lanes; lane++) {
            int sectors = 1 + random.nextInt(random.nextInt(4) == 0 ? 40 : 8);
            int at = workload == Workload.SEQUENTIAL
                    ? number * lanes * 8 % room + lane * room
                    : lane * room + random.nextInt(room - sectors);
            sectors = Math.min(sectors, DISK / SECTOR - at);
            requests.add(request(fixture, workload, at, sectors));
        }
        fixture.finish();
        requests.forEach(r -> assertThat(r.error).isZero());
        requests.stream().filter(r -> r.block.fua).forEach(r -> acknowledge(r, memory));
    }

    /** A write with FUA has ended: its own sectors are stable, of the others no more than before. */
    private void acknowledge(NodeFixture.Request request, MemoryNode memory) {
        Acknowledged before = flushes.getLast();
        long[] tags = before.tags().clone();
        int first = (int) (request.block.offsetBytes / SECTOR);
        int sectors = (int) (request.block.lengthBytes / SECTOR);
        System.arraycopy(current, first, tags, first, sectors);
        flushes.add(new Acknowledged(memory.eventCount(), before.log(), tags));
    }

    private NodeFixture.Request request(NodeFixture fixture, Workload workload, int at, int sectors) {
        NodeFixture.Request request = fixture.request();
        int dice = random.nextInt(8);
        if (dice < workload.zeroes) {
            request.block.mayUnmap = random.nextBoolean();
            change(at, sectors, false);
            return request.segments().submit(BlockOp.WRITE_ZEROES, (long) at * SECTOR, (long) sectors * SECTOR);
        }
        if (dice < workload.zeroes + workload.discards) {
            for (int i = 0; i < sectors; i++) {
                changes.add(new Change(at + i, 0));
            }
            request.segments().submit(BlockOp.DISCARD, (long) at * SECTOR, (long) sectors * SECTOR);
            fixture.finish();
            adopt(fixture, at, sectors);
            return request;
        }
        ByteBuffer data = ByteBuffer.wrap(new byte[sectors * SECTOR]);
        change(at, sectors, true);
        for (int i = 0; i < sectors; i++) {
            fill(data, i, current[at + i]);
        }
        MemorySegment buffer = fixture.arena.allocate(data.capacity(), 8).copyFrom(MemorySegment.ofArray(data.array()));
        request.block.fua = workload == Workload.FUA && random.nextInt(3) == 0;
        return request.segments(buffer).submit(BlockOp.WRITE, (long) at * SECTOR, (long) sectors * SECTOR);
    }

    private void change(int at, int sectors, boolean data) {
        for (int i = 0; i < sectors; i++) {
            current[at + i] = data ? nextTag++ : 0;
            changes.add(new Change(at + i, current[at + i]));
        }
    }

    /** A discard may have zeroed whole clusters, or nothing. */
    private void adopt(NodeFixture fixture, int at, int sectors) {
        byte[] now = new byte[sectors * SECTOR];
        fixture.node.file().read((long) at * SECTOR, MemorySegment.ofArray(now));
        for (int i = 0; i < sectors; i++) {
            current[at + i] = ByteBuffer.wrap(now).getLong(i * SECTOR);
        }
    }

    private void replay(Workload workload, byte[] initial, List<MemoryNode.Event> events, long[] behind) {
        byte[] stable = initial;
        List<MemoryNode.Event> volatileEvents = new ArrayList<>();
        int acknowledged = 0;
        for (int i = 0; i <= events.size(); i++) {
            while (acknowledged + 1 < flushes.size()
                    && flushes.get(acknowledged + 1).events() <= i) {
                acknowledged++;
            }
            if (i % STRIDE == 0 || i == events.size()) {
                judgeStatesOf(workload, i, stable, volatileEvents, acknowledged, behind);
            }
            if (i == events.size()) {
                return;
            }
            MemoryNode.Event event = events.get(i);
            if (event.flush()) {
                for (MemoryNode.Event written : volatileEvents) {
                    stable = MemoryNode.apply(
                            stable == initial ? stable.clone() : stable, written.offset(), written.data());
                }
                volatileEvents.clear();
            } else {
                volatileEvents.add(event);
            }
        }
    }

    /** Everything arrived; then, several times, some of what was not flushed. */
    private void judgeStatesOf(
            Workload workload, int at, byte[] stable, List<MemoryNode.Event> pending, int acknowledged, long[] behind) {
        judge(workload + " at event " + at, with(stable, pending, false), acknowledged, behind);
        for (int sample = 0; sample < SAMPLES && !pending.isEmpty(); sample++) {
            String name = workload + " at event " + at + ", sample " + sample;
            judge(name, with(stable, pending, true), acknowledged, behind);
        }
    }

    private byte[] with(byte[] stable, List<MemoryNode.Event> pending, boolean some) {
        byte[] state = stable.clone();
        for (MemoryNode.Event event : pending) {
            if (!some || event.fua()) {
                state = MemoryNode.apply(state, event.offset(), event.data());
                continue;
            }
            switch (random.nextInt(4)) {
                case 0 -> {}
                case 1 -> state = torn(state, event);
                default -> state = MemoryNode.apply(state, event.offset(), event.data());
            }
        }
        return state;
    }

    /** Each sector for itself. */
    private byte[] torn(byte[] state, MemoryNode.Event event) {
        byte[] result = state;
        for (int from = 0; from < event.data().length; from += SECTOR) {
            if (random.nextBoolean()) {
                int to = Math.min(event.data().length, from + SECTOR);
                result = MemoryNode.apply(result, event.offset() + from, Arrays.copyOfRange(event.data(), from, to));
            }
        }
        return result;
    }

    private void judge(String name, byte[] state, int acknowledged, long[] behind) {
        states++;
        boolean dirty = (state[DIRTY_BYTE] & 1) != 0;
        MemoryNode image = new MemoryNode(state, 0);
        CheckResult check = Qcow2Check.check(image, name, dirty ? Qcow2Check.Repair.ALL : Qcow2Check.Repair.NONE);
        assertThat(check.corruptions()).as("%s: %s", name, check.messages()).isZero();
        long[] tags = new TagReader(image.content(), behind).tags();
        Acknowledged flush = flushes.get(acknowledged);
        Set<Change> later = null;
        for (int sector = 0; sector < tags.length; sector++) {
            if (tags[sector] != flush.tags()[sector]) {
                later = later == null ? new HashSet<>(changes.subList(flush.log(), changes.size())) : later;
                assertThat(later)
                        .as("%s: sector %d was %d at the last flush", name, sector, flush.tags()[sector])
                        .contains(new Change(sector, tags[sector]));
            }
        }
    }
}
