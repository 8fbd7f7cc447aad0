package ringside.workloads.conformance.chapter;

import java.util.List;
import ringside.workloads.conformance.bench.Bench;
import ringside.workloads.conformance.bench.BlkRequest;
import ringside.workloads.conformance.bench.DeviceConfig;
import ringside.workloads.conformance.bench.Features;
import ringside.workloads.conformance.bench.QueueLayout;
import ringside.workloads.conformance.bench.RegisterLink;
import ringside.workloads.conformance.bench.Waiting;

/** VIRTIO-1.2 §2.6: reset of one queue. */
final class QueueReset {
    private static final int SLOW_MS = 60;

    private QueueReset() {}

    static void addTo(TestList list) {
        list.device("D08")
                .onRegisters()
                .needs(Features.RING_RESET)
                .on(DeviceConfig.DEFAULT.slow(SLOW_MS))
                .test("reset a queue with reads in flight", QueueReset::inFlight);
        list.device("D09")
                .onRegisters()
                .needs(Features.RING_RESET)
                .test("a fresh ring after the reset of a queue", bench -> again(bench, 64));
        list.device("D10")
                .onRegisters()
                .needs(Features.RING_RESET)
                .test("another size and place after the reset", bench -> again(bench, 16));
        list.hostile("R011").onRegisters().needs(Features.RING_RESET).test("enable again without addresses", bench -> {
            bench.start(Features.RING_RESET);
            reset(bench);
            bench.link().setUpQueue(0, new QueueLayout(64, 0, 0, 0));
            bench.link().kick(0);
            Expect.should(bench.link().broken(), "the device ignores it");
            return "NEEDS_RESET";
        });
    }

    private static void reset(Bench bench) {
        RegisterLink link = bench.registers();
        link.beginQueueReset(0);
        Expect.that(Waiting.until(2000, () -> !link.queueResetPending(0)), "the reset of the queue takes over 2 s");
    }

    private static String inFlight(Bench bench) {
        bench.start(Features.RING_RESET);
        List<BlkRequest> requests = List.of(bench.read(0, 512), bench.read(1, 512), bench.read(2, 512));
        requests.forEach(bench::submit);
        reset(bench);
        bench.link().takeNotifications(0);
        byte[] before = bench.ram().bytes(bench.ram().baseGpa(), 1 << 16);
        bench.link().kick(0);
        Waiting.settle(2 * SLOW_MS);
        Expect.same(bench.ram().bytes(bench.ram().baseGpa(), 1 << 16), before, "guest memory after the reset");
        Expect.that(bench.link().takeNotifications(0) == 0, "a notification after the reset of the queue");
        return "no write to memory and no notification for 120 ms after the reset, 3 requests before";
    }

    private static String again(Bench bench, int size) {
        bench.start(Features.RING_RESET);
        for (int i = 0; i < 5; i++) {
            bench.runOk(bench.read(0, 512));
        }
        reset(bench);
        bench.link().setUpQueue(0, bench.makeRing(size).layout());
        for (int i = 0; i < size + 3; i++) {
            bench.runOk(bench.read(0, 512));
        }
        return size + 3 + " requests on a ring of " + size + " that begins at 0";
    }
}
