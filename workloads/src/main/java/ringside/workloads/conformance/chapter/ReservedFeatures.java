package ringside.workloads.conformance.chapter;

import ringside.workloads.conformance.bench.Bench;
import ringside.workloads.conformance.bench.BlkRequest;
import ringside.workloads.conformance.bench.DeviceConfig;
import ringside.workloads.conformance.bench.Features;
import ringside.workloads.conformance.bench.TransportKind;

/** VIRTIO-1.2 §6: features of all devices. */
final class ReservedFeatures {
    private ReservedFeatures() {}

    static void addTo(TestList list) {
        list.device("D54").test("VERSION_1", bench -> {
            Expect.that((bench.link().offered() & Features.VERSION_1) != 0, "not offered");
            return "offered";
        });
        list.device("D55")
                .on(DeviceConfig.DEFAULT.asInOrder())
                .needs(Features.IN_ORDER)
                .test("a long read, then requests that complete at once", ReservedFeatures::inOrder);
        list.device("D56", "S13").test("SR_IOV", bench -> {
            Expect.that((bench.link().offered() & Features.SR_IOV) == 0, "offered without the capability");
            return "not offered";
        });
        list.device("S12").test("ACCESS_PLATFORM", bench -> {
            bench.start(0);
            bench.runOk(bench.read(0, 512));
            return (bench.link().offered() & Features.ACCESS_PLATFORM) == 0
                    ? "not offered: guest physical addresses are used as they are"
                    : "offered";
        });
        list.hostile("R096").onRegisters().split().test("refuse VERSION_1", bench -> {
            boolean accepted = bench.link().negotiate(bench.link().offered() & ~Features.VERSION_1);
            Expect.should(!accepted, "the device becomes a legacy one");
            return "FEATURES_OK stays clear";
        });
        list.hostile("R100", "R004").test("accept SR_IOV", bench -> {
            boolean accepted = bench.link().negotiate(bench.baseFeatures() | Features.SR_IOV);
            Expect.should(!accepted, "accepted");
            return bench.link().transport() == TransportKind.VHOST_USER ? "refused" : "FEATURES_OK stays clear";
        });
    }

    private static String inOrder(Bench bench) {
        bench.start(Features.IN_ORDER, 64);
        BlkRequest slow = bench.read(0, 1 << 20);
        bench.ring().add(slow.buffers());
        for (int i = 0; i < 5; i++) {
            bench.ring()
                    .add(bench.request(BlkRequest.UNKNOWN, 0, new byte[0], 0).buffers());
        }
        bench.ring().publish();
        bench.link().kick(0);
        int first = bench.awaitUsed().id();
        Expect.that(slow.status() == BlkRequest.OK, "buffer " + first + " is used while the first is in flight");
        return "the long read is used before the 5 behind it";
    }
}
