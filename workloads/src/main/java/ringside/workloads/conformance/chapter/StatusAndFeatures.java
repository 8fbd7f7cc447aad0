package ringside.workloads.conformance.chapter;

import java.util.List;
import ringside.workloads.conformance.bench.Bench;
import ringside.workloads.conformance.bench.BlkRequest;
import ringside.workloads.conformance.bench.DeviceConfig;
import ringside.workloads.conformance.bench.Features;
import ringside.workloads.conformance.bench.RegisterLink;
import ringside.workloads.conformance.bench.Status;
import ringside.workloads.conformance.bench.TransportKind;
import ringside.workloads.conformance.bench.Waiting;
import ringside.workloads.conformance.spec.NotApplicable;

/** VIRTIO-1.2 §2.1 to §2.5: status, features, reset, configuration space. */
final class StatusAndFeatures {
    private static final int SLOW_MS = 60;
    private static final long NO_FEATURE = 1L << 63;
    /** Features that mean nothing without another. */
    private static final long[][] PREREQUISITES = {
        {Features.CONFIG_WCE, Features.FLUSH},
        {Features.RING_PACKED, Features.VERSION_1},
        {Features.IN_ORDER, Features.VERSION_1},
        {Features.ACCESS_PLATFORM, Features.VERSION_1},
        {Features.ORDER_PLATFORM, Features.VERSION_1},
        {Features.SR_IOV, Features.VERSION_1},
        {Features.NOTIFICATION_DATA, Features.VERSION_1},
        {Features.RING_RESET, Features.VERSION_1}
    };

    private StatusAndFeatures() {}

    static void addTo(TestList list) {
        list.device("D01").onRegisters().test("publish and kick before DRIVER_OK", StatusAndFeatures::beforeDriverOk);
        list.device("D02", "S01").onRegisters().test("an impossible ring entry while DRIVER_OK", bench -> {
            bench.start(0);
            Breaking.ring(bench);
            return Expect.broken(bench);
        });
        for (DeviceConfig config : List.of(
                DeviceConfig.DEFAULT,
                DeviceConfig.DEFAULT.asReadOnly(),
                DeviceConfig.DEFAULT.withoutConfigWce(),
                DeviceConfig.DEFAULT.asInOrder())) {
            list.device("D03")
                    .on(config)
                    .test(
                            "offered features against their prerequisites, device: " + config.describe(),
                            StatusAndFeatures::prerequisites);
        }
        list.device("D04").test("accept a feature that is not offered", StatusAndFeatures::unacceptable);
        list.device("D05").onRegisters().test("reset in every state", StatusAndFeatures::resetInEveryState);
        list.device("D06")
                .onRegisters()
                .on(DeviceConfig.DEFAULT.slow(SLOW_MS))
                .test("reset with reads in flight", StatusAndFeatures::resetInFlight);
        list.device("D07").test("read the configuration before FEATURES_OK", StatusAndFeatures::earlyConfig);
        list.device("S02").test("accept each offered feature alone, none, and all", StatusAndFeatures::subsets);
        list.device("S03").test("accept the same features after each of 5 resets", StatusAndFeatures::sameAgain);
    }

    private static String beforeDriverOk(Bench bench) {
        bench.negotiate(0);
        bench.link().setUpQueue(0, bench.makeRing(16).layout());
        BlkRequest request = bench.read(0, 512);
        bench.link().takeNotifications(0);
        bench.submit(request);
        Expect.that(bench.staysUnused(), "a buffer was used before DRIVER_OK");
        Expect.that(request.status() == BlkRequest.UNTOUCHED, "a request was executed before DRIVER_OK");
        Expect.that(bench.link().takeNotifications(0) == 0, "a used buffer notification before DRIVER_OK");
        bench.link().driverOk();
        bench.link().kick(0);
        bench.awaitUsed();
        return "unused and silent before, used after DRIVER_OK and a kick";
    }

    private static String prerequisites(Bench bench) {
        long offered = bench.link().offered();
        for (long[] pair : PREREQUISITES) {
            boolean met = (offered & pair[0]) == 0 || (offered & pair[1]) != 0;
            Expect.that(met, "0x%x is offered without 0x%x".formatted(pair[0], pair[1]));
        }
        return "offered 0x" + Long.toHexString(offered);
    }

    private static String unacceptable(Bench bench) {
        long unoffered = ~bench.link().offered();
        int refused = 0;
        for (long bit : new long[] {Features.GEOMETRY, 1L << 27, Features.ORDER_PLATFORM, 1L << 50, NO_FEATURE}) {
            if ((unoffered & bit) != 0) {
                boolean accepted = bench.link().negotiate(bench.baseFeatures() | bit);
                // Over vhost-user the status is the front-end's: a back-end that takes anything breaks no MUST.
                if (bench.link().transport() == TransportKind.VHOST_USER) {
                    Expect.should(!accepted, "0x%x is accepted and not offered".formatted(bit));
                }
                Expect.that(!accepted, "0x%x is accepted and not offered".formatted(bit));
                refused++;
                bench.link().reset();
            }
        }
        return bench.link().transport() == TransportKind.VHOST_USER
                ? refused + " sets refused by SET_FEATURES"
                : refused + " sets leave FEATURES_OK clear";
    }

    private static String resetInEveryState(Bench bench) {
        RegisterLink link = bench.registers();
        for (int status :
                new int[] {0, Status.ACKNOWLEDGE, Status.ACKNOWLEDGE | Status.DRIVER, Status.ACKNOWLEDGE | Status.FAILED
                }) {
            link.writeStatus(status);
            link.writeStatus(0);
            Expect.that(link.status() == 0, "status reads 0x%x after a reset in 0x%x".formatted(link.status(), status));
        }
        bench.negotiate(0);
        link.reset();
        bench.start(0);
        link.reset();
        bench.start(0);
        Breaking.ring(bench);
        Waiting.until(Bench.PATIENCE_MS, link::broken);
        link.reset();
        return "status reads 0 after a reset in 7 states";
    }

    private static String resetInFlight(Bench bench) {
        bench.start(0);
        List<BlkRequest> requests = List.of(bench.read(0, 4096), bench.read(8, 4096), bench.read(16, 4096));
        requests.forEach(bench::submit);
        bench.link().reset();
        byte[] before = bench.ram().bytes(bench.ram().baseGpa(), 1 << 16);
        Waiting.settle(2 * SLOW_MS);
        Expect.same(bench.ram().bytes(bench.ram().baseGpa(), 1 << 16), before, "guest memory after the reset");
        Expect.that(bench.link().takeNotifications(0) == 0, "a notification after the reset");
        return "no write to memory and no notification for 120 ms after the reset, 3 requests in flight";
    }

    private static String earlyConfig(Bench bench) {
        bench.link().reset();
        long offered = bench.link().offered();
        Expect.that(bench.capacity() > 0, "capacity reads 0");
        if ((offered & Features.BLK_SIZE) != 0) {
            long size = bench.link().config(20, 4);
            Expect.that(size >= 512 && Long.bitCount(size) == 1, "blk_size reads " + size);
        }
        if ((offered & Features.SEG_MAX) != 0) {
            Expect.that(bench.link().config(12, 4) > 0, "seg_max reads 0");
        }
        if ((offered & Features.MQ) != 0 && bench.link().transport() != TransportKind.VHOST_USER) {
            Expect.that(bench.link().config(34, 2) > 0, "num_queues reads 0");
        }
        if ((offered & Features.DISCARD) != 0) {
            Expect.that(bench.link().config(36, 4) > 0, "max_discard_sectors reads 0");
        }
        return "capacity " + bench.capacity() + " and the fields of all offered features are there";
    }

    private static String subsets(Bench bench) {
        long offered = bench.link().offered();
        int accepted = 0;
        for (int bit = 0; bit < Long.SIZE; bit++) {
            long feature = 1L << bit;
            if ((offered & feature) != 0) {
                long with = (feature & Features.CONFIG_WCE) != 0 ? Features.FLUSH : 0;
                Expect.should(
                        bench.link().negotiate(Features.VERSION_1 | feature | with),
                        "bit " + bit + " alone is refused");
                accepted++;
            }
        }
        Expect.should(bench.link().negotiate(Features.VERSION_1), "VERSION_1 alone is refused");
        Expect.should(bench.link().negotiate(offered), "everything that is offered is refused");
        return accepted + 2 + " valid subsets are accepted";
    }

    private static String sameAgain(Bench bench) {
        long offered = bench.link().offered();
        for (int i = 0; i < 5; i++) {
            Expect.should(bench.link().negotiate(offered), "refused after reset " + i);
            bench.link().reset();
            if (bench.link().offered() != offered) {
                throw new NotApplicable("the device offers something else after a reset");
            }
        }
        return "accepted 5 times";
    }
}
