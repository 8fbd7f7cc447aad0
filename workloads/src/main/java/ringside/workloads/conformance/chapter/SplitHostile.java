package ringside.workloads.conformance.chapter;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import ringside.workloads.conformance.bench.Bench;
import ringside.workloads.conformance.bench.BlkRequest;
import ringside.workloads.conformance.bench.Buffer;
import ringside.workloads.conformance.bench.Features;
import ringside.workloads.conformance.bench.QueueLayout;
import ringside.workloads.conformance.bench.SplitRing;
import ringside.workloads.conformance.bench.Waiting;

/** Drivers that break VIRTIO-1.2 §2.7. */
final class SplitHostile {
    private static final int SIZE = 16;
    private static final int ROUNDS = 40;

    private SplitHostile() {}

    static void addTo(TestList list) {
        addPlacement(list);
        addChains(list);
        addIndirect(list);
        addIndices(list);
    }

    private static void addPlacement(TestList list) {
        for (int shift : new int[] {1, 2, 8}) {
            list.hostile("R012")
                    .onRegisters()
                    .split()
                    .test("descriptor table misaligned by " + shift, bench -> placed(bench, shift, 0, 0));
        }
        list.hostile("R012")
                .onRegisters()
                .split()
                .test("available ring misaligned by 1", bench -> placed(bench, 0, 1, 0));
        list.hostile("R012").onRegisters().split().test("used ring misaligned by 2", bench -> placed(bench, 0, 0, 2));
        list.hostile("R012")
                .onRegisters()
                .split()
                .test(
                        "descriptor table outside memory",
                        bench -> placed(bench, bench.ram().endGpa(), 0, 0));
        list.hostile("R012")
                .onRegisters()
                .split()
                .test("used ring at the end of the address space", bench -> placed(bench, 0, 0, -4096));
        list.hostile("R012").onRegisters().split().test("descriptor table across the end of memory", bench -> {
            bench.negotiate(0);
            QueueLayout layout = bench.makeRing(SIZE).layout();
            return refused(
                    bench, new QueueLayout(SIZE, bench.ram().endGpa() - 64, layout.driverGpa(), layout.deviceGpa()));
        });
        list.hostile("R012").onRegisters().split().test("all parts at one address", bench -> {
            bench.negotiate(0);
            long at = bench.makeRing(SIZE).layout().descGpa();
            bench.link().setUpQueue(0, new QueueLayout(SIZE, at, at, at));
            bench.link().driverOk();
            bench.link().kick(0);
            Waiting.settle(Bench.QUIET_MS);
            return "no harm";
        });
    }

    private static String placed(Bench bench, long desc, long driver, long device) {
        bench.negotiate(0);
        QueueLayout layout = bench.makeRing(SIZE).layout();
        return refused(
                bench,
                new QueueLayout(
                        SIZE, layout.descGpa() + desc, layout.driverGpa() + driver, layout.deviceGpa() + device));
    }

    private static String refused(Bench bench, QueueLayout layout) {
        bench.link().setUpQueue(0, layout);
        Expect.should(bench.link().broken() || !bench.registers().queueReady(0), "the queue becomes ready");
        bench.link().driverOk();
        bench.link().kick(0);
        Waiting.settle(2);
        return bench.link().broken() ? "NEEDS_RESET, the queue does not run" : "the queue does not become ready";
    }

    private static void addChains(TestList list) {
        list.hostile("R013").split().test("writable before readable", bench -> {
            BlkRequest request = begin(bench, 0);
            return offer(
                    bench,
                    List.of(
                            request.buffers().get(1),
                            request.buffers().get(0),
                            request.buffers().get(2)));
        });
        list.hostile("R013").split().test("readable and writable in turn", bench -> {
            BlkRequest request = begin(bench, 0);
            List<Buffer> buffers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                buffers.add(request.buffers().get(0));
                buffers.add(request.buffers().get(1));
            }
            return offer(bench, buffers);
        });
        list.hostile("R014").split().test("a descriptor that is its own next", bench -> loop(bench, 1));
        list.hostile("R014").split().test("a loop of 2", bench -> loop(bench, 2));
        list.hostile("R014").split().test("a loop of the whole ring", bench -> loop(bench, SIZE));
        list.hostile("R014").split().test("next beyond the ring", bench -> {
            BlkRequest request = begin(bench, 0);
            bench.split().desc(0, request.headerGpa(), 16, SplitRing.NEXT, SIZE);
            return publish(bench, 0);
        });
        list.hostile("R014").split().test("2^32 bytes and more in one chain", bench -> {
            begin(bench, 0);
            for (int i = 0; i < 3; i++) {
                bench.split().desc(i, bench.ram().baseGpa(), 0xffff_ffffL, i < 2 ? SplitRing.NEXT : 0, i + 1);
            }
            return publish(bench, 0);
        });
        list.hostile("R014").split().test("a descriptor of length 0 in a request", bench -> {
            BlkRequest request = begin(bench, 0);
            List<Buffer> buffers = new ArrayList<>(request.buffers());
            buffers.add(1, Buffer.writable(request.dataGpa(), 0));
            bench.split().add(buffers);
            bench.ring().publish();
            bench.link().kick(0);
            Waiting.until(300, () -> bench.link().broken() || bench.split().usedCount() > 0);
            return bench.link().broken()
                    ? "broken until reset"
                    : "completed with " + BlkRequest.statusName(request.status());
        });
        list.hostile("R014").split().test("only descriptors of length 0", bench -> {
            BlkRequest request = begin(bench, 0);
            return offer(
                    bench, List.of(Buffer.readable(request.headerGpa(), 0), Buffer.writable(request.statusGpa(), 0)));
        });
        list.hostile("R098")
                .split()
                .test(
                        "a buffer outside memory",
                        bench -> outside(bench, bench.ram().endGpa()));
        list.hostile("R098").test("a buffer at address 0", bench -> outside(bench, 0));
        list.hostile("R098")
                .test(
                        "a buffer across the end of memory",
                        bench -> outside(bench, bench.ram().endGpa() - 256));
        list.hostile("R098").test("a buffer that wraps at 2^64", bench -> outside(bench, -256));
        list.hostile("R098").test("a buffer at a negative address", bench -> outside(bench, Long.MIN_VALUE));
    }

    private static String outside(Bench bench, long gpa) {
        BlkRequest request = begin(bench, 0);
        bench.ring()
                .add(List.of(
                        request.buffers().getFirst(),
                        Buffer.writable(gpa, 512),
                        Buffer.writable(request.statusGpa(), 1)));
        bench.ring().publish();
        bench.link().kick(0);
        return Expect.broken(bench);
    }

    private static String loop(Bench bench, int length) {
        BlkRequest request = begin(bench, 0);
        for (int i = 0; i < length; i++) {
            bench.split().desc(i, request.headerGpa(), 16, SplitRing.NEXT, (i + 1) % length);
        }
        return publish(bench, 0);
    }

    private static BlkRequest begin(Bench bench, long features) {
        bench.start(features, SIZE);
        return bench.read(0, 512);
    }

    private static String offer(Bench bench, List<Buffer> buffers) {
        bench.ring().add(buffers);
        bench.ring().publish();
        bench.link().kick(0);
        return Expect.broken(bench);
    }

    private static String publish(Bench bench, int head) {
        bench.split().offer(head);
        bench.split().publish();
        bench.link().kick(0);
        return Expect.broken(bench);
    }

    private static void addIndirect(TestList list) {
        list.hostile("R016").split().needs(Features.INDIRECT).test("INDIRECT that was not negotiated", bench -> {
            BlkRequest request = begin(bench, 0);
            bench.ring().addIndirect(request.buffers());
            bench.ring().publish();
            bench.link().kick(0);
            return Expect.broken(bench);
        });
        list.hostile("R017").split().needs(Features.INDIRECT).test("a table within a table", bench -> {
            BlkRequest request = begin(bench, Features.INDIRECT);
            SplitRing ring = bench.split();
            long inner = ring.table(request.buffers());
            long outer = ring.table(List.of(Buffer.readable(inner, 48)));
            ring.desc(outer, 0, inner, 48, SplitRing.INDIRECT, 0);
            return table(bench, outer, 16, SplitRing.INDIRECT);
        });
        list.hostile("R017").split().needs(Features.INDIRECT).test("a table that refers to itself", bench -> {
            begin(bench, Features.INDIRECT);
            long table = bench.ram().allocate(16, 16);
            bench.split().desc(table, 0, table, 16, SplitRing.INDIRECT, 0);
            return table(bench, table, 16, SplitRing.INDIRECT);
        });
        list.hostile("R018").split().needs(Features.INDIRECT).test("a table that loops", bench -> {
            BlkRequest request = begin(bench, Features.INDIRECT);
            long table = bench.ram().allocate(32, 16);
            bench.split().desc(table, 0, request.headerGpa(), 16, SplitRing.NEXT, 1);
            bench.split().desc(table, 1, request.headerGpa(), 16, SplitRing.NEXT, 0);
            return table(bench, table, 32, SplitRing.INDIRECT);
        });
        for (int bytes : new int[] {0, 1, 15, 17, 47}) {
            list.hostile("R018").split().needs(Features.INDIRECT).test("a table of " + bytes + " bytes", bench -> {
                BlkRequest request = begin(bench, Features.INDIRECT);
                return table(bench, bench.split().table(request.buffers()), bytes, SplitRing.INDIRECT);
            });
        }
        list.hostile("R018").split().needs(Features.INDIRECT).test("a table of 65536 entries", bench -> {
            begin(bench, Features.INDIRECT);
            return table(bench, bench.ram().allocate(1 << 20, 16), 1 << 20, SplitRing.INDIRECT);
        });
        list.hostile("R018").split().needs(Features.INDIRECT).test("next beyond the table", bench -> {
            BlkRequest request = begin(bench, Features.INDIRECT);
            long table = bench.ram().allocate(16, 16);
            bench.split().desc(table, 0, request.headerGpa(), 16, SplitRing.NEXT, 1);
            return table(bench, table, 16, SplitRing.INDIRECT);
        });
        list.hostile("R018").split().needs(Features.INDIRECT).test("a table outside memory", bench -> {
            begin(bench, Features.INDIRECT);
            return table(bench, bench.ram().endGpa(), 48, SplitRing.INDIRECT);
        });
        list.hostile("R019").split().needs(Features.INDIRECT).test("INDIRECT and NEXT together", bench -> {
            BlkRequest request = begin(bench, Features.INDIRECT);
            long table = bench.split().table(request.buffers());
            return table(bench, table, 48, SplitRing.INDIRECT | SplitRing.NEXT);
        });
    }

    private static String table(Bench bench, long table, long bytes, int flags) {
        bench.split().desc(0, table, bytes, flags, 1);
        return publish(bench, 0);
    }

    private static void addIndices(TestList list) {
        list.hostile("R021").split().test("avail.idx decreases", bench -> {
            begin(bench, 0);
            bench.runOk(bench.read(0, 512));
            return jump(bench, 0);
        });
        list.hostile("R021").split().test("avail.idx jumps by the queue size + 1", bench -> {
            begin(bench, 0);
            return jump(bench, SIZE + 1);
        });
        list.hostile("R021").split().test("avail.idx jumps by 32768", bench -> {
            begin(bench, 0);
            return jump(bench, 1 << 15);
        });
        for (int head : new int[] {SIZE, 0x7fff, 0xffff}) {
            list.hostile("R021").split().test("head " + head + " of a ring of " + SIZE, bench -> {
                begin(bench, 0);
                return publish(bench, head);
            });
        }
        list.hostile("R021").split().test("the same head twice while it is pending", bench -> {
            BlkRequest request = begin(bench, 0);
            int head = bench.ring().add(request.buffers());
            bench.split().offer(head);
            bench.ring().publish();
            bench.link().kick(0);
            Waiting.until(300, () -> bench.link().broken() || bench.split().usedCount() >= 2);
            return bench.link().broken()
                    ? "broken until reset"
                    : "used " + bench.split().usedCount() + " times";
        });
        for (int flags : new int[] {2, 0x8000, 0xfffe}) {
            list.hostile("R022").split().test("avail.flags 0x" + Integer.toHexString(flags), bench -> {
                begin(bench, 0);
                bench.split().availFlags(flags);
                SplitNotifications.notified(bench, "with flags " + flags);
                return "ignored";
            });
        }
        list.hostile("R023").split().needs(Features.EVENT_IDX).test("avail.flags 0xffff with EVENT_IDX", bench -> {
            begin(bench, Features.EVENT_IDX);
            bench.split().availFlags(0xffff);
            bench.ring().notifyAfter(1);
            SplitNotifications.notified(bench, "with flags 0xffff");
            return "ignored";
        });
        list.hostile("R026").split().test("a used ring full of garbage", bench -> {
            bench.negotiate(0);
            bench.makeRing(SIZE);
            long used = bench.ring().layout().deviceGpa();
            bench.ram().fill(used, 2, 0xff);
            bench.ram().fill(used + 4, 8L * SIZE + 2, 0xff);
            bench.link().setUpQueue(0, bench.ring().layout());
            bench.link().driverOk();
            bench.runOk(bench.read(0, 512));
            return "a read completes";
        });
        list.hostile("R028").test("no kick", bench -> {
            BlkRequest request = begin(bench, 0);
            bench.ring().add(request.buffers());
            bench.ring().publish();
            Waiting.settle(Bench.QUIET_MS);
            bench.link().kick(0);
            bench.awaitUsed();
            return "completed after the kick at the latest";
        });
        list.hostile("R030").needs(Features.EVENT_IDX).test("a kick for every buffer despite avail_event", bench -> {
            begin(bench, Features.EVENT_IDX);
            for (int i = 0; i < 50; i++) {
                bench.link().kick(0);
                bench.runOk(bench.read(0, 512));
                bench.link().kick(0);
            }
            return "50 requests complete";
        });
        list.hostile("R031").split().test("avail.idx before its entry", SplitHostile::entryLate);
        list.hostile("R015", "R020").split().test("random descriptors in 40 rings", SplitHostile::random);
    }

    private static String jump(Bench bench, int idx) {
        bench.split().availIdx(idx);
        bench.link().kick(0);
        return Expect.broken(bench);
    }

    private static String entryLate(Bench bench) {
        BlkRequest request = begin(bench, 0);
        SplitRing ring = bench.split();
        int head = ring.add(request.buffers());
        bench.ram().put16(ring.layout().driverGpa() + 4, 0xffff);
        ring.publish();
        bench.ram().put16(ring.layout().driverGpa() + 4, head);
        bench.link().kick(0);
        Waiting.until(300, () -> bench.link().broken() || ring.usedCount() > 0);
        return bench.link().broken() ? "broken until reset" : "completed";
    }

    private static String random(Bench bench) {
        Random random = new Random(7);
        int broken = 0;
        for (int round = 0; round < ROUNDS; round++) {
            begin(
                    bench,
                    random.nextBoolean() && (bench.link().offered() & Features.INDIRECT) != 0 ? Features.INDIRECT : 0);
            for (int i = 0; i < SIZE; i++) {
                long gpa = bench.ram().baseGpa() + (random.nextInt(1 << 16) & ~15) + (2 << 20);
                bench.split().desc(i, gpa, random.nextInt(1 << 12), random.nextInt(8), random.nextInt(SIZE + 1));
            }
            bench.split().offer(random.nextInt(SIZE));
            bench.split().publish();
            bench.link().kick(0);
            Waiting.until(3, () -> bench.link().broken() || bench.split().usedCount() > 0);
            broken += bench.link().broken() ? 1 : 0;
        }
        return broken + " of " + ROUNDS + " rings broke the queue, none the device";
    }
}
