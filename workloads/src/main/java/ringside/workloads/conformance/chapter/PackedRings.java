package ringside.workloads.conformance.chapter;

import java.util.List;
import ringside.workloads.conformance.bench.Bench;
import ringside.workloads.conformance.bench.BlkRequest;
import ringside.workloads.conformance.bench.Buffer;
import ringside.workloads.conformance.bench.Features;
import ringside.workloads.conformance.bench.PackedRing;
import ringside.workloads.conformance.bench.QueueLayout;
import ringside.workloads.conformance.bench.Used;
import ringside.workloads.conformance.bench.Waiting;

/** VIRTIO-1.2 §2.8: what the device does with a packed ring. */
final class PackedRings {
    private static final int LAPS = 5;
    private static final int SIZE = 8;

    private PackedRings() {}

    static void addTo(TestList list) {
        list.device("D25").packed().test("8 requests that complete at once", PackedRings::startOrder);
        list.device("D26").packed().test("a read, then a request that completes at once", PackedRings::completionOrder);
        list.device("D28").packed().test("stale descriptors over 5 laps of the ring", PackedRings::stale);
        list.device("D28").packed().test("a ring size that is no power of two", bench -> laps(bench, 7));
        list.device("D29").packed().test("a used descriptor after its flags changed", PackedRings::unchangedAfterUse);
        list.device("D30").packed().test("a chain over the wrap of the ring", PackedRings::chainOrder);
    }

    private static String startOrder(Bench bench) {
        bench.start(0, 64);
        for (int i = 0; i < SIZE; i++) {
            bench.ring()
                    .add(bench.request(BlkRequest.UNKNOWN, 0, new byte[0], 0).buffers());
        }
        bench.ring().publish();
        bench.link().kick(0);
        for (int i = 0; i < SIZE; i++) {
            Used used = bench.awaitUsed();
            Expect.that(used.id() == i, "buffer " + used.id() + " is the " + i + "th to be used");
        }
        return "used in the order of the ring";
    }

    private static String completionOrder(Bench bench) {
        bench.start(0, 64);
        BlkRequest slow = bench.read(0, 1 << 20);
        BlkRequest quick = bench.request(BlkRequest.UNKNOWN, 0, new byte[0], 0);
        bench.ring().add(slow.buffers());
        bench.ring().add(quick.buffers());
        bench.ring().publish();
        bench.link().kick(0);
        int first = bench.awaitUsed().id();
        int second = bench.awaitUsed().id();
        Expect.that(first + second == 1, "buffers " + first + " and " + second + " came back");
        return first == 1 ? "the quick one is used first, where the first was" : "used in order: nothing overtook";
    }

    private static String stale(Bench bench) {
        return laps(bench, SIZE);
    }

    private static String laps(Bench bench, int size) {
        bench.start(0, size);
        int requests = 0;
        for (; requests < LAPS * size; requests++) {
            bench.runOk(bench.read(0, 512));
            Expect.that(bench.ring().poll().isEmpty(), "a stale descriptor was used again");
        }
        Expect.that(bench.staysUnused(), "a stale descriptor was used again");
        return requests + " requests, none used twice";
    }

    private static String unchangedAfterUse(Bench bench) {
        bench.start(0, 64);
        for (int i = 0; i < 20; i++) {
            bench.submit(bench.read(0, 512));
        }
        long desc = bench.ring().layout().descGpa();
        for (int i = 0; i < 20; i++) {
            bench.awaitUsed();
        }
        byte[] now = bench.ram().bytes(desc, 64 * 16);
        Waiting.settle(Bench.QUIET_MS);
        Expect.same(bench.ram().bytes(desc, 64 * 16), now, "the ring after all was used");
        return "the same 15 ms later";
    }

    private static String chainOrder(Bench bench) {
        bench.start(0, SIZE);
        for (int i = 0; i < 2; i++) {
            bench.runOk(bench.read(0, 512));
        }
        byte[] expected = Bench.pattern(31, 1024);
        BlkRequest write = bench.write(80, expected);
        List<Buffer> cut = List.of(
                write.buffers().getFirst(),
                Buffer.readable(write.dataGpa(), 300),
                Buffer.readable(write.dataGpa() + 300, 724),
                Buffer.writable(write.statusGpa(), 1));
        bench.runOk(write.with(cut));
        Expect.same(bench.readBack(80, 1024), expected, "what was written");
        return "a list over the wrap is read in its order";
    }

    /** Hostile: R033 to R046. */
    static void addHostileTo(TestList list) {
        list.hostile("R033").onRegisters().packed().test("descriptor area misaligned by 8", bench -> {
            bench.negotiate(0);
            QueueLayout layout = bench.makeRing(SIZE).layout();
            bench.link()
                    .setUpQueue(0, new QueueLayout(SIZE, layout.descGpa() + 8, layout.driverGpa(), layout.deviceGpa()));
            Expect.should(bench.link().broken() || !bench.registers().queueReady(0), "the queue becomes ready");
            return "the queue does not become ready";
        });
        list.hostile("R034").packed().test("rewrite a list while the device owns it", PackedRings::rewrite);
        list.hostile("R035").packed().test("rewrite the address right after AVAIL", bench -> {
            bench.start(0, SIZE);
            BlkRequest request = bench.read(0, 512);
            bench.ring().add(request.buffers());
            bench.ring().publish();
            bench.ram().put64(bench.ring().layout().descGpa() + 16, bench.ram().endGpa());
            bench.link().kick(0);
            return outcome(bench, request);
        });
        list.hostile("R036").onRegisters().packed().test("a kick with a wrong position", bench -> {
            bench.start(0, SIZE);
            BlkRequest request = bench.read(0, 512);
            bench.ring().add(request.buffers());
            bench.ring().publish();
            bench.link().kick(0x7fff << 16);
            bench.link().kick(0);
            return outcome(bench, request);
        });
        list.hostile("R037", "R038").packed().test("a list of the whole ring that never ends", bench -> {
            bench.start(0, SIZE);
            BlkRequest request = bench.read(0, 512);
            for (int i = 0; i < SIZE; i++) {
                bench.packed().put(request.headerGpa(), 16, 0, PackedRing.NEXT);
            }
            return published(bench);
        });
        list.hostile("R039").packed().test("writable before readable", bench -> {
            bench.start(0, SIZE);
            BlkRequest request = bench.read(0, 512);
            bench.ring()
                    .add(List.of(
                            request.buffers().get(1),
                            request.buffers().get(0),
                            request.buffers().get(2)));
            return published(bench);
        });
        list.hostile("R040").packed().test("half a list, then nothing", bench -> {
            bench.start(0, SIZE);
            BlkRequest request = bench.read(0, 512);
            bench.packed().put(request.headerGpa(), 16, 0, PackedRing.NEXT);
            bench.ring().publish();
            bench.link().kick(0);
            Waiting.settle(Bench.QUIET_MS);
            return bench.link().broken() ? "broken until reset" : "not executed";
        });
        list.hostile("R041").packed().test("a list over descriptors that the device owns", bench -> {
            bench.start(0, SIZE);
            BlkRequest request = bench.read(0, 512);
            for (int i = 0; i < SIZE + 2; i++) {
                bench.packed().put(request.headerGpa(), 16, 0, PackedRing.NEXT);
            }
            return published(bench);
        });
        list.hostile("R042").packed().test("the head before the rest of its list", bench -> {
            bench.start(0, SIZE);
            BlkRequest request = bench.read(0, 512);
            bench.packed().put(request.headerGpa(), 16, 0, PackedRing.NEXT);
            bench.ring().publish();
            bench.link().kick(0);
            bench.packed().put(request.dataGpa(), 512, 0, PackedRing.NEXT | PackedRing.WRITE);
            bench.ring().publish();
            bench.packed().put(request.statusGpa(), 1, 0, PackedRing.WRITE);
            bench.ring().publish();
            bench.link().kick(0);
            return outcome(bench, request);
        });
        list.hostile("R043").packed().needs(Features.INDIRECT).test("INDIRECT that was not negotiated", bench -> {
            bench.start(0, SIZE);
            bench.ring().addIndirect(bench.read(0, 512).buffers());
            return published(bench);
        });
        for (int flag : new int[] {PackedRing.NEXT, PackedRing.AVAIL, PackedRing.USED, PackedRing.INDIRECT}) {
            list.hostile("R044")
                    .packed()
                    .needs(Features.INDIRECT)
                    .test("flag 0x" + Integer.toHexString(flag) + " inside a table", bench -> inTable(bench, flag));
        }
        for (int bytes : new int[] {0, 15, 1 << 20}) {
            list.hostile("R045").packed().needs(Features.INDIRECT).test("a table of " + bytes + " bytes", bench -> {
                bench.start(Features.INDIRECT, SIZE);
                long table = bench.ram().allocate(1 << 20, 16);
                bench.packed().put(table, bytes, 0, PackedRing.INDIRECT);
                return published(bench);
            });
        }
        list.hostile("R046").packed().needs(Features.INDIRECT).test("NEXT on the descriptor of a table", bench -> {
            bench.start(Features.INDIRECT, SIZE);
            BlkRequest request = bench.read(0, 512);
            bench.packed().put(bench.packed().table(request.buffers()), 48, 0, PackedRing.INDIRECT | PackedRing.NEXT);
            bench.packed().put(request.statusGpa(), 1, 0, PackedRing.WRITE);
            return published(bench);
        });
        list.hostile("R046").packed().needs(Features.INDIRECT).test("a table at the end of a list", bench -> {
            bench.start(Features.INDIRECT, SIZE);
            BlkRequest request = bench.read(0, 512);
            bench.packed().put(request.headerGpa(), 16, 0, PackedRing.NEXT);
            bench.packed().put(bench.packed().table(request.buffers().subList(1, 3)), 32, 0, PackedRing.INDIRECT);
            return published(bench);
        });
    }

    private static String published(Bench bench) {
        bench.ring().publish();
        bench.link().kick(0);
        return Expect.broken(bench);
    }

    private static String outcome(Bench bench, BlkRequest request) {
        Waiting.until(300, () -> bench.link().broken() || request.status() != BlkRequest.UNTOUCHED);
        return bench.link().broken()
                ? "broken until reset"
                : "completed with " + BlkRequest.statusName(request.status());
    }

    private static String rewrite(Bench bench) {
        int broken = 0;
        for (int round = 0; round < 20; round++) {
            bench.start(0, SIZE);
            BlkRequest request = bench.read(0, 4096);
            bench.submit(request);
            long second = bench.ring().layout().descGpa() + 16;
            for (int i = 0; i < 50; i++) {
                bench.ram().put64(second, bench.ram().endGpa() + i);
                bench.ram().put32(second + 8, -1);
            }
            Waiting.until(300, () -> bench.link().broken() || request.status() != BlkRequest.UNTOUCHED);
            broken += bench.link().broken() ? 1 : 0;
        }
        return broken + " of 20 lists broke the queue, the others completed";
    }

    private static String inTable(Bench bench, int flag) {
        bench.start(Features.INDIRECT, SIZE);
        BlkRequest request = bench.read(0, 512);
        long table = bench.packed().table(request.buffers());
        bench.ram().put16(table + 14, flag);
        bench.packed().put(table, 48, 0, PackedRing.INDIRECT);
        bench.ring().publish();
        bench.link().kick(0);
        return outcome(bench, request);
    }
}
