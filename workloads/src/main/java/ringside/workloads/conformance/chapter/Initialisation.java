package ringside.workloads.conformance.chapter;

import ringside.workloads.conformance.bench.BlkRequest;
import ringside.workloads.conformance.bench.Features;
import ringside.workloads.conformance.bench.RegisterLink;
import ringside.workloads.conformance.bench.Status;

/** Drivers that break VIRTIO-1.2 §2.1, §2.2, §2.5 and §3.1: status and initialisation. */
final class Initialisation {
    private static final int ALL = Status.ACKNOWLEDGE | Status.DRIVER | Status.FEATURES_OK | Status.DRIVER_OK;

    private Initialisation() {}

    static void addTo(TestList list) {
        list.hostile("R001", "R049").onRegisters().test("DRIVER_OK at once", bench -> {
            bench.link().reset();
            bench.registers().writeStatus(ALL);
            bench.link().kick(0);
            return "status reads 0x" + Integer.toHexString(bench.registers().status());
        });
        list.hostile("R001", "R080").onRegisters().test("queues before features", bench -> {
            bench.link().reset();
            bench.link().setUpQueue(0, bench.makeRing(16).layout());
            bench.registers().writeStatus(ALL);
            bench.link().kick(0);
            return bench.link().broken() ? "NEEDS_RESET" : "no harm";
        });
        list.hostile("R002").onRegisters().test("clear status bits one by one", bench -> {
            bench.start(0);
            RegisterLink link = bench.registers();
            for (int bit = 1; bit < 0x10; bit <<= 1) {
                link.writeStatus(ALL & ~bit);
            }
            bench.runOk(bench.read(0, 512));
            return "status reads 0x" + Integer.toHexString(link.status()) + " and a read completes";
        });
        list.hostile("R003", "R052").onRegisters().test("go on after FAILED", bench -> {
            bench.negotiate(0);
            bench.registers().writeStatus(bench.registers().status() | Status.FAILED);
            bench.link().setUpQueue(0, bench.makeRing(16).layout());
            bench.link().driverOk();
            bench.link().kick(0);
            return "no harm";
        });
        for (int bit : new int[] {23, 41, 50, 63}) {
            list.hostile("R004").onRegisters().test("accept bit " + bit, bench -> {
                boolean accepted = bench.link().negotiate(bench.baseFeatures() | 1L << bit);
                Expect.should(!accepted, "accepted");
                return "FEATURES_OK stays clear";
            });
        }
        list.hostile("R004", "R066").onRegisters().test("accept bits 64 and above", bench -> {
            RegisterLink link = bench.registers();
            link.reset();
            link.writeStatus(Status.ACKNOWLEDGE | Status.DRIVER);
            link.acceptWord(1, 1);
            link.acceptWord(2, -1);
            link.writeStatus(Status.ACKNOWLEDGE | Status.DRIVER | Status.FEATURES_OK);
            Expect.should((link.status() & Status.FEATURES_OK) == 0, "accepted");
            return "FEATURES_OK stays clear";
        });
        list.hostile("R005").needs(Features.CONFIG_WCE).test("CONFIG_WCE without FLUSH", bench -> {
            boolean accepted = bench.link().negotiate(bench.baseFeatures() | Features.CONFIG_WCE);
            Expect.should(!accepted || bench.link().config(32, 1) == 0, "accepted with writeback 1");
            return accepted ? "accepted with writeback 0" : "refused";
        });
        list.hostile("R008").onRegisters().test("write every byte of the configuration", bench -> {
            bench.start(0);
            long capacity = bench.capacity();
            for (int offset = 0; offset < 512; offset++) {
                bench.link().putConfig(offset, 1, 0xff);
            }
            Expect.should(bench.capacity() == capacity, "capacity changed");
            return "ignored";
        });
        list.hostile("R050").onRegisters().test("write writeback before FEATURES_OK", bench -> {
            bench.link().reset();
            long before = bench.link().config(32, 1);
            bench.link().putConfig(32, 1, 1 - before);
            Expect.should(bench.link().config(32, 1) == before, "the write is taken");
            return "ignored";
        });
        list.hostile("R051").onRegisters().needs(Features.INDIRECT).test("features after FEATURES_OK", bench -> {
            bench.start(0);
            bench.registers().acceptWord(0, (int) Features.INDIRECT);
            bench.ring().addIndirect(bench.read(0, 512).buffers());
            bench.ring().publish();
            bench.link().kick(0);
            return "INDIRECT stays un-negotiated: " + Expect.broken(bench);
        });
        list.hostile("R053").onRegisters().test("100 kicks before DRIVER_OK", bench -> {
            bench.negotiate(0);
            bench.link().setUpQueue(0, bench.makeRing(16).layout());
            BlkRequest request = bench.read(0, 512);
            for (int i = 0; i < 100; i++) {
                bench.link().kick(0);
            }
            bench.link().driverOk();
            bench.runOk(request);
            return "a read completes after DRIVER_OK";
        });
    }
}
