package ringside.workloads.conformance.chapter;

import static ringside.workloads.conformance.bench.MmioLink.CONFIG;
import static ringside.workloads.conformance.bench.MmioLink.CONFIG_GENERATION;
import static ringside.workloads.conformance.bench.MmioLink.DEVICE_ID;
import static ringside.workloads.conformance.bench.MmioLink.INTERRUPT_ACK;
import static ringside.workloads.conformance.bench.MmioLink.INTERRUPT_STATUS;
import static ringside.workloads.conformance.bench.MmioLink.MAGIC_VALUE;
import static ringside.workloads.conformance.bench.MmioLink.QUEUE_DESC;
import static ringside.workloads.conformance.bench.MmioLink.QUEUE_NOTIFY;
import static ringside.workloads.conformance.bench.MmioLink.QUEUE_NUM;
import static ringside.workloads.conformance.bench.MmioLink.QUEUE_READY;
import static ringside.workloads.conformance.bench.MmioLink.QUEUE_RESET;
import static ringside.workloads.conformance.bench.MmioLink.QUEUE_SEL;
import static ringside.workloads.conformance.bench.MmioLink.SHM_LEN_LOW;
import static ringside.workloads.conformance.bench.MmioLink.SHM_SEL;
import static ringside.workloads.conformance.bench.MmioLink.VERSION;

import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import ringside.workloads.conformance.bench.Bench;
import ringside.workloads.conformance.bench.BlkRequest;
import ringside.workloads.conformance.bench.DeviceConfig;
import ringside.workloads.conformance.bench.Features;
import ringside.workloads.conformance.bench.MmioLink;
import ringside.workloads.conformance.bench.QueueLayout;
import ringside.workloads.conformance.bench.Waiting;
import ringside.workloads.conformance.spec.NotApplicable;

/** VIRTIO-1.2 §4.2: the registers of virtio-mmio, and drivers that misuse them. */
final class MmioRegistersChapter {
    private static final int USED_BIT = 1;
    private static final int CONFIG_BIT = 2;
    private static final int SLOW_MS = 60;
    private static final int[] READ_ONLY = {0x00, 0x04, 0x08, 0x0c, 0x10, 0x34, 0x60, 0xb0, 0xb4, 0xb8, 0xbc, 0xfc};
    private static final int[] WRITE_ONLY = {
        0x14, 0x20, 0x24, 0x30, 0x38, 0x50, 0x64, 0x80, 0x84, 0x90, 0x94, 0xa0, 0xa4, 0xac
    };
    private static final Set<Integer> DEFINED = Set.of(
            0x00, 0x04, 0x08, 0x0c, 0x10, 0x14, 0x20, 0x24, 0x30, 0x34, 0x38, 0x44, 0x50, 0x60, 0x64, 0x70, 0x80, 0x84,
            0x90, 0x94, 0xa0, 0xa4, 0xac, 0xb0, 0xb4, 0xb8, 0xbc, 0xc0, 0xfc);

    private MmioRegistersChapter() {}

    static void addTo(TestList list) {
        list.device("D31").onMmio().test("MagicValue", bench -> reads(bench, MAGIC_VALUE, 0x74726976));
        list.device("D32").onMmio().test("Version", bench -> reads(bench, VERSION, 2));
        list.device("D33").onMmio().test("acknowledge one of two bits", MmioRegistersChapter::acknowledge);
        list.device("D34").onMmio().test("InterruptStatus without an event", MmioRegistersChapter::noEvent);
        list.device("D35").onMmio().test("reset with bits and queues set", MmioRegistersChapter::reset);
        list.device("D36").onMmio().test("resize between two halves of capacity", MmioRegistersChapter::generation);
        list.device("D37").onMmio().test("kick a queue that is not ready", MmioRegistersChapter::notReady);
        list.device("D38").onMmio().needs(Features.RING_RESET).test("QueueReset after a reset", bench -> {
            bench.link().reset();
            bench.mmio().store(QUEUE_SEL, 0);
            return reads(bench, QUEUE_RESET, 0);
        });
        list.device("D39").onMmio().needs(Features.RING_RESET).test("QueueReset of a ready queue", bench -> {
            bench.start(Features.RING_RESET);
            bench.mmio().store(QUEUE_SEL, 0);
            return reads(bench, QUEUE_RESET, 0);
        });
        list.device("D41")
                .onMmio()
                .needs(Features.RING_RESET)
                .on(DeviceConfig.DEFAULT.slow(SLOW_MS))
                .test("QueueReset while reads are in flight", MmioRegistersChapter::resetTakesTime);
        list.device("D40", "D42")
                .onMmio()
                .needs(Features.RING_RESET)
                .test("QueueReset and QueueReady when done", bench -> {
                    bench.start(Features.RING_RESET);
                    bench.runOk(bench.read(0, 512));
                    bench.mmio().beginQueueReset(0);
                    boolean done = Waiting.until(2000, () -> !bench.mmio().queueResetPending(0));
                    Expect.that(done, "QueueReset still reads 1 after 2 s");
                    Expect.that(!bench.mmio().queueReady(0), "QueueReady reads 1 after the reset of the queue");
                    return "both read 0";
                });
    }

    private static String reads(Bench bench, int offset, int expected) {
        int value = bench.mmio().load(offset);
        Expect.that(value == expected, "reads 0x" + Integer.toHexString(value));
        return "reads 0x" + Integer.toHexString(value);
    }

    private static String acknowledge(Bench bench) {
        MmioLink link = bench.mmio();
        bench.start(0);
        bench.runOk(bench.read(0, 512));
        Breaking.ring(bench);
        Expect.that(
                Waiting.until(2000, () -> link.load(INTERRUPT_STATUS) == (USED_BIT | CONFIG_BIT)),
                "InterruptStatus reads " + link.load(INTERRUPT_STATUS) + " after both events");
        link.store(INTERRUPT_ACK, USED_BIT);
        Expect.that(link.load(INTERRUPT_STATUS) == CONFIG_BIT, "after ACK 1 it reads " + link.load(INTERRUPT_STATUS));
        link.store(INTERRUPT_ACK, CONFIG_BIT);
        Expect.that(link.load(INTERRUPT_STATUS) == 0, "after ACK 2 it reads " + link.load(INTERRUPT_STATUS));
        return "3, after ACK of 1 it reads 2, after ACK of 2 it reads 0";
    }

    private static String noEvent(Bench bench) {
        MmioLink link = bench.mmio();
        bench.negotiate(0);
        Expect.that(link.load(INTERRUPT_STATUS) == 0, "not 0 after FEATURES_OK");
        bench.start(0);
        Expect.that(link.load(INTERRUPT_STATUS) == 0, "not 0 after DRIVER_OK");
        bench.runOk(bench.read(0, 512));
        Waiting.until(1000, () -> link.load(INTERRUPT_STATUS) != 0);
        Expect.that(link.load(INTERRUPT_STATUS) == USED_BIT, "reads " + link.load(INTERRUPT_STATUS) + " after one use");
        return "0 before, 1 after a used buffer, no other bit";
    }

    private static String reset(Bench bench) {
        MmioLink link = bench.mmio();
        bench.start(0);
        bench.runOk(bench.read(0, 512));
        Waiting.until(1000, () -> link.load(INTERRUPT_STATUS) != 0);
        link.reset();
        Expect.that(link.load(INTERRUPT_STATUS) == 0, "InterruptStatus is not 0");
        Expect.that(!link.queueReady(0) && !link.queueReady(1), "a queue is still ready");
        return "InterruptStatus and QueueReady of all queues read 0";
    }

    private static String generation(Bench bench) {
        MmioLink link = bench.mmio();
        bench.start(0);
        long before = bench.capacity();
        int generation = link.load(CONFIG_GENERATION);
        if (!bench.device().resize((before << 9) + (1 << 20))) {
            throw new NotApplicable("this target cannot resize its disk");
        }
        boolean changed = link.load(CONFIG_GENERATION) != generation;
        long after = bench.capacity();
        bench.device().resize(before << 9);
        Expect.that(after == before + 2048, "capacity reads " + after);
        Expect.that(changed, "ConfigGeneration did not change");
        return "capacity changed by 2048, and ConfigGeneration with it";
    }

    private static String notReady(Bench bench) {
        bench.negotiate(0);
        bench.mmio().program(0, bench.makeRing(16).layout());
        bench.link().driverOk();
        BlkRequest request = bench.read(0, 512);
        byte[] ring = bench.ram().bytes(bench.ring().layout().deviceGpa(), 4);
        bench.submit(request);
        Expect.that(bench.staysUnused() && request.status() == BlkRequest.UNTOUCHED, "the queue was used");
        Expect.same(bench.ram().bytes(bench.ring().layout().deviceGpa(), 4), ring, "the device area");
        return "untouched";
    }

    private static String resetTakesTime(Bench bench) {
        bench.start(Features.RING_RESET);
        for (int i = 0; i < 3; i++) {
            bench.submit(bench.read(0, 512));
        }
        AtomicBoolean seen = new AtomicBoolean();
        AtomicBoolean over = new AtomicBoolean();
        CountDownLatch watching = new CountDownLatch(1);
        Thread watcher = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                seen.compareAndSet(false, bench.mmio().load(QUEUE_RESET) == 1);
                watching.countDown();
                Waiting.settle(1);
            }
        });
        bench.mmio().store(QUEUE_SEL, 0);
        Waiting.until(1000, () -> watching.getCount() == 0);
        bench.mmio().beginQueueReset(0);
        boolean done = Waiting.until(2000, () -> !bench.mmio().queueResetPending(0));
        over.set(true);
        try {
            watcher.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Expect.that(done, "QueueReset still reads 1 after 2 s");
        Expect.that(seen.get(), "QueueReset never read 1 while 3 reads of 60 ms were in flight");
        return "read 1 while the reads were in flight, then 0";
    }

    /** Hostile: R056 to R082. */
    static void addHostileTo(TestList list) {
        list.hostile("R056").onMmio().test("all undefined offsets", bench -> {
            bench.start(0);
            for (int offset = 0; offset < CONFIG; offset += 4) {
                if (!DEFINED.contains(offset)) {
                    bench.mmio().store(offset, -1);
                    Expect.should(bench.mmio().load(offset) == 0, "offset " + offset + " reads other than 0");
                }
            }
            bench.mmio().store(0xffc, -1);
            bench.mmio().load(0x7fff_fffc);
            return works(bench, "ignored, they read 0");
        });
        list.hostile("R057").onMmio().test("write every read-only register", bench -> {
            bench.start(0);
            for (int offset : READ_ONLY) {
                int before = bench.mmio().load(offset);
                bench.mmio().store(offset, ~before);
                Expect.should(bench.mmio().load(offset) == before, "offset " + offset + " changed");
            }
            return works(bench, "ignored");
        });
        list.hostile("R058").onMmio().test("read every write-only register", bench -> {
            bench.start(0);
            for (int offset : WRITE_ONLY) {
                Expect.should(bench.mmio().load(offset) == 0, "offset " + offset + " reads other than 0");
            }
            return works(bench, "all read 0");
        });
        for (int width : new int[] {1, 2, 8}) {
            list.hostile("R059").onMmio().test("control registers in accesses of " + width, bench -> {
                bench.start(0);
                for (int offset = 0; offset < CONFIG; offset += 4) {
                    bench.mmio().load(offset, width);
                    bench.mmio().store(offset, width, -1);
                }
                return works(bench, "ignored");
            });
        }
        list.hostile("R059").onMmio().test("control registers unaligned", bench -> {
            bench.start(0);
            for (int offset = 1; offset < CONFIG; offset++) {
                if (offset % 4 != 0) {
                    bench.mmio().load(offset, 4);
                    bench.mmio().store(offset, 4, -1);
                }
            }
            return works(bench, "ignored");
        });
        list.hostile("R060").onMmio().test("configuration in other widths and beyond its end", bench -> {
            bench.start(0);
            for (int offset = 0; offset < 256; offset++) {
                for (int width : new int[] {1, 2, 4, 8}) {
                    bench.mmio().load(CONFIG + offset, width);
                }
            }
            return works(bench, "read without harm");
        });
        list.hostile("R065", "R066").onMmio().test("feature selects of 2 and above", bench -> {
            bench.link().reset();
            for (int select : new int[] {2, 3, 0x7fff_ffff, -1}) {
                Expect.should(bench.mmio().offeredWord(select) == 0, "word " + select + " is not 0");
                bench.mmio().acceptWord(select, 0);
            }
            bench.start(0);
            return works(bench, "read 0, writes of 0 ignored");
        });
        for (int size : new int[] {0, 512, 3, 0x10000, -1}) {
            list.hostile("R067").onMmio().split().test("QueueNum " + size, bench -> {
                bench.negotiate(0);
                QueueLayout layout = bench.makeRing(16).layout();
                bench.link()
                        .setUpQueue(0, new QueueLayout(size, layout.descGpa(), layout.driverGpa(), layout.deviceGpa()));
                Expect.should(bench.link().broken() || !bench.mmio().queueReady(0), "the queue becomes ready");
                return bench.link().broken() ? "NEEDS_RESET" : "QueueReady stays 0";
            });
        }
        list.hostile("R068").onMmio().test("change the registers of a ready queue", bench -> {
            bench.start(0);
            bench.mmio().store(QUEUE_SEL, 0);
            for (int offset : new int[] {QUEUE_NUM, QUEUE_DESC, QUEUE_DESC + 4, 0x90, 0x94, 0xa0, 0xa4}) {
                bench.mmio().store(offset, 0x55);
            }
            return works(bench, "ignored");
        });
        list.hostile("R069", "R070").onMmio().test("QueueReady 0 with reads in flight, not read back", bench -> {
            bench.start(0);
            for (int i = 0; i < 8; i++) {
                bench.submit(bench.read(0, 4096));
            }
            bench.mmio().store(QUEUE_SEL, 0);
            bench.mmio().store(QUEUE_READY, 0);
            bench.link().kick(0);
            return "no harm";
        });
        list.hostile("R072").onMmio().test("never acknowledge", bench -> {
            bench.start(0);
            for (int i = 0; i < 50; i++) {
                bench.runOk(bench.read(0, 512));
            }
            return "50 requests complete";
        });
        list.hostile("R072", "R082").onMmio().test("acknowledge all the time", bench -> {
            bench.start(0);
            for (int i = 0; i < 50; i++) {
                bench.mmio().store(INTERRUPT_ACK, 3);
                bench.submit(bench.read(0, 512));
                bench.mmio().store(INTERRUPT_ACK, 3);
                bench.awaitUsed();
            }
            return "50 requests complete";
        });
        list.hostile("R073").onMmio().test("acknowledge all bits", bench -> {
            bench.start(0);
            bench.mmio().store(INTERRUPT_ACK, -1);
            return works(bench, "ignored");
        });
        list.hostile("R074", "R010")
                .onMmio()
                .needs(Features.RING_RESET)
                .test("use a queue that is being reset", bench -> {
                    bench.start(Features.RING_RESET);
                    for (int i = 0; i < 8; i++) {
                        bench.submit(bench.read(0, 4096));
                    }
                    bench.mmio().beginQueueReset(0);
                    bench.link().setUpQueue(0, bench.ring().layout());
                    bench.link().kick(0);
                    return "no harm";
                });
        list.hostile("R079").onMmio().test("touch the shared memory registers", bench -> {
            bench.start(0);
            bench.mmio().store(SHM_SEL, 7);
            Expect.should(bench.mmio().load(SHM_LEN_LOW) == -1, "the length of a region that is not there is not -1");
            bench.mmio().store(SHM_LEN_LOW, 5);
            return works(bench, "ignored, the length reads as all ones");
        });
        for (int queue : new int[] {2, 0xffff, 0x10000, -1, Integer.MIN_VALUE}) {
            list.hostile("R056").onMmio().test("QueueSel and QueueNotify of queue " + queue, bench -> {
                bench.start(0);
                bench.mmio().store(QUEUE_SEL, queue);
                Expect.should(bench.mmio().load(0x34) == 0, "QueueNumMax is not 0");
                bench.mmio().store(QUEUE_READY, 1);
                bench.mmio().store(QUEUE_NUM, 5);
                bench.mmio().store(QUEUE_NOTIFY, queue);
                Expect.should(bench.mmio().load(DEVICE_ID) == 2, "DeviceID is not 2");
                return works(bench, "ignored");
            });
        }
    }

    private static String works(Bench bench, String evidence) {
        Expect.should(!bench.link().broken(), "the device stops until a reset");
        bench.runOk(bench.read(0, 512));
        return evidence;
    }
}
