package ringside.workloads.conformance.chapter;

import ringside.workloads.conformance.bench.Bench;
import ringside.workloads.conformance.bench.BlkRequest;
import ringside.workloads.conformance.bench.Features;
import ringside.workloads.conformance.bench.RingKind;
import ringside.workloads.conformance.bench.SplitRing;
import ringside.workloads.conformance.bench.VhostUserLink;
import ringside.workloads.conformance.bench.Waiting;

/** VIRTIO-1.2 §2.7.7, §2.7.8 and §2.7.10: notifications and the used ring. */
final class SplitNotifications {
    private static final int ROUNDS = 20;
    private static final int TIGHT_ROUNDS = 300;
    private static final long NOTICE_MS = 2000;

    private SplitNotifications() {}

    static void addTo(TestList list) {
        list.device("D16").split().test("random used_event without EVENT_IDX", bench -> {
            bench.start(0);
            for (int i = 0; i < ROUNDS; i++) {
                bench.split().usedEvent(i * 7919);
                notified(bench, "with used_event " + (i * 7919 & 0xffff));
            }
            return ROUNDS + " of " + ROUNDS + " requests notified";
        });
        list.device("D17").split().test("a notification after use", bench -> {
            bench.start(0);
            for (int i = 0; i < ROUNDS; i++) {
                notified(bench, "after request " + i);
            }
            return ROUNDS + " of " + ROUNDS + " requests notified";
        });
        list.device("D18").split().needs(Features.EVENT_IDX).test("bit 0 of flags with EVENT_IDX", bench -> {
            bench.start(Features.EVENT_IDX);
            bench.split().availFlags(1);
            for (int i = 0; i < ROUNDS; i++) {
                bench.ring().notifyAfter(1);
                notified(bench, "with flags 1 and EVENT_IDX");
            }
            return "flags 1 is ignored " + ROUNDS + " times";
        });
        list.device("D19")
                .split()
                .needs(Features.EVENT_IDX)
                .test(
                        "used_event at every place of batches of 1 to 8, over the wrap of the index",
                        SplitNotifications::eventIndex);
        list.device("S05").test("no notification while they are suppressed", SplitNotifications::suppressed);
        list.device("S06")
                .needs(Features.EVENT_IDX)
                .test("no notification away from the event index", SplitNotifications::awayFromEvent);
        list.device("D20").split().test("len of the entry is there when used.idx is", SplitNotifications::lenFirst);
        list.device("D21")
                .test("len bytes are written from the first writable byte on", SplitNotifications::lenWritten);
        list.device("D22").split().test("used.flags without EVENT_IDX", bench -> usedFlags(bench, 0, 1));
        list.device("D23")
                .split()
                .needs(Features.EVENT_IDX)
                .test("used.flags with EVENT_IDX", bench -> usedFlags(bench, Features.EVENT_IDX, 0));
        list.device("D24").test("kicks without buffers", SplitNotifications::spurious);
    }

    static void notified(Bench bench, String when) {
        bench.link().takeNotifications(0);
        BlkRequest request = bench.request(BlkRequest.UNKNOWN, 0, new byte[0], 0);
        bench.run(request);
        Expect.that(Waiting.until(NOTICE_MS, () -> bench.link().takeNotifications(0) > 0), "no notification " + when);
    }

    private static String eventIndex(Bench bench) {
        int checked = 0;
        for (int batch : new int[] {1, 2, 3, 8}) {
            for (int place = 0; place < batch; place++) {
                for (int startIdx : new int[] {0, 0xfffa, 0xffff}) {
                    if (startIdx == 0 || bench.link() instanceof VhostUserLink) {
                        oneBatch(bench, startIdx, batch, place);
                        checked++;
                    }
                }
            }
        }
        return checked + " combinations of batch, place and begin notify";
    }

    private static void oneBatch(Bench bench, int startIdx, int batch, int place) {
        bench.negotiate(Features.EVENT_IDX);
        SplitRing ring = new SplitRing(bench.ram(), 16, startIdx);
        bench.use(ring);
        if (bench.link() instanceof VhostUserLink link) {
            link.base(0, startIdx);
        }
        bench.link().setUpQueue(0, ring.layout());
        bench.link().driverOk();
        ring.usedEvent(startIdx + place);
        bench.link().takeNotifications(0);
        for (int i = 0; i < batch; i++) {
            ring.add(bench.request(BlkRequest.UNKNOWN, 0, new byte[0], 0).buffers());
        }
        ring.publish();
        bench.link().kick(0);
        for (int i = 0; i < batch; i++) {
            bench.awaitUsed();
        }
        Expect.that(
                Waiting.until(NOTICE_MS, () -> bench.link().takeNotifications(0) > 0),
                "no notification for used_event at place " + place + " of " + batch + ", used.idx from " + startIdx);
    }

    private static String suppressed(Bench bench) {
        bench.start(0);
        bench.ring().suppressNotifications(true);
        bench.link().takeNotifications(0);
        for (int i = 0; i < ROUNDS; i++) {
            bench.runOk(bench.read(0, 512));
        }
        Waiting.settle(Bench.QUIET_MS);
        Expect.should(bench.link().takeNotifications(0) == 0, "notifications while they are suppressed");
        return "none in " + ROUNDS + " requests";
    }

    private static String awayFromEvent(Bench bench) {
        bench.start(Features.EVENT_IDX);
        bench.ring().notifyAfter(bench.kind() == RingKind.SPLIT ? 1000 : ROUNDS * 3 - 2);
        bench.link().takeNotifications(0);
        int quiet = ROUNDS / 2;
        for (int i = 0; i < quiet; i++) {
            bench.runOk(bench.read(0, 512));
        }
        Waiting.settle(Bench.QUIET_MS);
        Expect.should(bench.link().takeNotifications(0) == 0, "notifications away from the event index");
        return "none in " + quiet + " requests before the event";
    }

    private static String lenFirst(Bench bench) {
        bench.start(0);
        SplitRing ring = bench.split();
        long entries = ring.layout().deviceGpa() + 4;
        for (int i = 0; i < TIGHT_ROUNDS; i++) {
            bench.ram().put32(entries + 8L * (i % ring.layout().size()) + 4, -1);
            BlkRequest request = bench.request(BlkRequest.UNKNOWN, 0, new byte[0], 0);
            bench.submit(request);
            int before = i;
            Waiting.until(Bench.PATIENCE_MS, () -> ring.usedCount() == before + 1);
            long len = bench.awaitUsed().lengthBytes();
            Expect.that(len <= 1, "len reads " + len + " when used.idx shows the entry");
        }
        return TIGHT_ROUNDS + " entries had their len when used.idx showed them";
    }

    private static String lenWritten(Bench bench) {
        bench.start(0);
        byte[] expected = Bench.pattern(29, 4096);
        bench.runOk(bench.write(72, expected));
        BlkRequest read = bench.read(72, 4096);
        long len = bench.runOk(read).usedBytes();
        Expect.that(len <= 4097, "len " + len + " exceeds what can be written");
        Expect.same(read.data(), expected, "what was read");
        BlkRequest beyond = bench.read(bench.capacity(), 4096);
        long failed = bench.run(beyond).usedBytes();
        boolean honest = failed == 0 || beyond.data()[0] != (byte) 0xa5 && beyond.data()[4095] != (byte) 0xa5;
        Expect.that(
                honest || beyond.status() == BlkRequest.UNTOUCHED,
                "len " + failed + " for a read beyond the end, and the buffer holds what it held before");
        BlkRequest id = bench.request(BlkRequest.GET_ID, 0, new byte[0], 512);
        long idLen = bench.run(id).usedBytes();
        boolean within = idLen <= 20 || id.data()[21] != (byte) 0xa5;
        Expect.that(within, "len " + idLen + " for 20 bytes of GET_ID");
        return "len %d for 4096 bytes and status, %d for a failed read, %d for GET_ID".formatted(len, failed, idLen);
    }

    private static String usedFlags(Bench bench, long features, int most) {
        bench.start(features);
        for (int i = 0; i < ROUNDS; i++) {
            bench.ring().notifyAfter(1);
            bench.runOk(bench.read(0, 512));
            int flags = bench.split().usedFlags();
            Expect.that(flags >= 0 && flags <= most, "used.flags reads " + flags);
        }
        return "0 to " + most + " after each of " + ROUNDS + " requests";
    }

    private static String spurious(Bench bench) {
        bench.start(0);
        for (int i = 0; i < ROUNDS; i++) {
            bench.link().kick(0);
        }
        Expect.that(bench.staysUnused(), "something was used without a buffer");
        BlkRequest request = bench.read(0, 512);
        bench.submit(request);
        bench.link().kick(0);
        bench.link().kick(0);
        bench.awaitUsed();
        Expect.that(bench.staysUnused(), "a request was used twice");
        return "a request is used once, after " + ROUNDS + " spurious kicks and with two more";
    }
}
