package ringside.workloads.conformance.chapter;

import java.util.function.Function;
import ringside.emulator.vhostuser.VhostUserMessage;
import ringside.emulator.vhostuser.VhostUserRequest;
import ringside.workloads.conformance.bench.Bench;
import ringside.workloads.conformance.bench.QueueLayout;
import ringside.workloads.conformance.bench.SplitRing;
import ringside.workloads.conformance.bench.VhostUserChannel;
import ringside.workloads.conformance.bench.VhostUserLink;
import ringside.workloads.conformance.bench.Waiting;

/** Front-ends of vhost-user that break the protocol (QEMU docs/interop/vhost-user.rst), and what a ring survives. */
final class VhostUserMessages {
    private static final long REGION_BYTES = 1 << 20;
    private static final long HANG_UP_MS = 50;

    private VhostUserMessages() {}

    static void addTo(TestList list) {
        for (int size : new int[] {0, 3, 48, 1 << 16, -1}) {
            hostile(list, "V01", "SET_VRING_NUM " + size, link -> state(link, VhostUserRequest.SET_VRING_NUM, 0, size));
        }
        hostile(list, "V02", "SET_VRING_ADDR misaligned", link -> address(link, 1 << 16 | 3));
        hostile(list, "V02", "SET_VRING_ADDR outside memory", link -> address(link, 1L << 46));
        hostile(
                list,
                "V02",
                "SET_VRING_ADDR with guest physical addresses",
                link -> address(link, -VhostUserLink.USER_OFFSET));
        hostile(list, "V03", "SET_MEM_TABLE of no region", link -> link.memoryTable(0));
        hostile(list, "V03", "SET_MEM_TABLE of 9 regions", link -> link.memoryTable(9));
        hostile(list, "V03", "SET_MEM_TABLE without a descriptor", link -> region(link.memoryTable(1), 0, 1L << 30, 0));
        hostile(
                list,
                "V04",
                "SET_MEM_TABLE with regions that overlap",
                link -> region(region(link.memoryTable(2), 0, 1L << 30, 0), 1, (1L << 30) + 4096, 0)
                        .attachFd(link.memory().fileDescriptor())
                        .attachFd(link.memory().fileDescriptor()));
        hostile(
                list,
                "V04",
                "SET_MEM_TABLE with a region that wraps",
                link -> region(link.memoryTable(1), 0, -4096, 0)
                        .attachFd(link.memory().fileDescriptor()));
        hostile(
                list,
                "V04",
                "SET_MEM_TABLE behind the end of the file",
                link -> region(link.memoryTable(1), 0, 1L << 30, 1L << 40)
                        .attachFd(link.memory().fileDescriptor()));
        hostile(
                list,
                "V04",
                "SET_MEM_TABLE with an offset that overflows",
                link -> region(link.memoryTable(1), 0, 1L << 30, Long.MAX_VALUE - 4095)
                        .attachFd(link.memory().fileDescriptor()));
        list.hostile("V05").onVhostUser().test("SET_VRING_ADDR before the memory table", bench -> {
            bench.negotiate(0);
            QueueLayout layout = bench.makeRing(16).layout();
            return reaction(bench, bench.vhostUser().addresses(0, layout));
        });
        hostile(list, "V06", "SET_OWNER a second time", link -> link.channel().begin(VhostUserRequest.SET_OWNER, 0));
        hostile(
                list,
                "V07",
                "SET_FEATURES without a payload",
                link -> link.channel().begin(VhostUserRequest.SET_FEATURES, 0));
        hostile(
                list,
                "V07",
                "SET_VRING_NUM with 1000 bytes",
                link -> link.channel().begin(VhostUserRequest.SET_VRING_NUM, 1000));
        for (int index : new int[] {2, 64, 255, -1}) {
            hostile(
                    list,
                    "V08",
                    "SET_VRING_NUM of ring " + index,
                    link -> state(link, VhostUserRequest.SET_VRING_NUM, index, 64));
            hostile(
                    list,
                    "V08",
                    "SET_VRING_ENABLE of ring " + index,
                    link -> state(link, VhostUserRequest.SET_VRING_ENABLE, index, 1));
        }
        hostile(
                list,
                "V11",
                "SET_FEATURES with a descriptor",
                link -> link.channel()
                        .begin(VhostUserRequest.SET_FEATURES, 8)
                        .u64(0, 1L << 32)
                        .attachFd(link.memory().fileDescriptor()));
        hostile(
                list,
                "V11",
                "SET_VRING_KICK with 3 descriptors",
                link -> link.channel()
                        .begin(VhostUserRequest.SET_VRING_KICK, 8)
                        .attachFd(link.memory().fileDescriptor())
                        .attachFd(link.memory().fileDescriptor())
                        .attachFd(link.memory().fileDescriptor()));
        hostile(
                list,
                "V11",
                "SET_VRING_KICK that announces a descriptor and has none",
                link -> link.channel().begin(VhostUserRequest.SET_VRING_KICK, 8));
        hostile(
                list,
                "V12",
                "SET_CONFIG behind the end",
                link -> link.channel()
                        .begin(VhostUserRequest.SET_CONFIG, 16)
                        .u32(0, 0xffff_fff0)
                        .u32(4, 4));
        hostile(
                list,
                "V12",
                "SET_CONFIG whose size is not that of its payload",
                link -> link.channel().begin(VhostUserRequest.SET_CONFIG, 16).u32(4, 200));
        list.device("V09")
                .onVhostUser()
                .split()
                .test("stop and go on at 3 places, over the wrap of the index", VhostUserMessages::base);
        list.device("V10").onVhostUser().test("20 connections, the data of the first", VhostUserMessages::reconnect);
        list.hostile("V10").onVhostUser().test("hang up with reads in flight, 20 times", bench -> {
            for (int i = 0; i < 20; i++) {
                bench.start(0);
                for (int j = 0; j < 8; j++) {
                    bench.submit(bench.read(8L * j, 4096));
                }
                bench.link().reset();
            }
            return "served again each time";
        });
    }

    private static void hostile(
            TestList list, String rule, String name, Function<VhostUserLink, VhostUserMessage> make) {
        list.hostile(rule).onVhostUser().test(name, bench -> {
            bench.start(0);
            bench.runOk(bench.read(0, 512));
            return reaction(bench, make.apply(bench.vhostUser()));
        });
    }

    private static String reaction(Bench bench, VhostUserMessage message) {
        VhostUserChannel channel = bench.vhostUser().channel();
        boolean taken = channel.tryTell(message);
        boolean gone = channel.hangsUpWithin(taken ? HANG_UP_MS / 10 : HANG_UP_MS);
        return (taken ? "taken" : "refused") + (gone ? ", the server hangs up" : "");
    }

    private static VhostUserMessage state(VhostUserLink link, VhostUserRequest request, int index, int value) {
        return link.channel().begin(request, 8).u32(0, index).u32(4, value);
    }

    private static VhostUserMessage address(VhostUserLink link, long shift) {
        long base = link.ram().baseGpa() + shift;
        return link.addresses(0, new QueueLayout(16, base, base + 1024, base + 2048));
    }

    private static VhostUserMessage region(VhostUserMessage message, int index, long gpa, long fileOffset) {
        int at = 8 + 32 * index;
        return message.u64(at, gpa)
                .u64(at + 8, gpa == -4096 ? 3 * 4096 : REGION_BYTES)
                .u64(at + 16, gpa + VhostUserLink.USER_OFFSET)
                .u64(at + 24, fileOffset);
    }

    private static String base(Bench bench) {
        for (int begin : new int[] {0, 100, 0xfff0}) {
            bench.negotiate(0);
            VhostUserLink link = bench.vhostUser();
            SplitRing ring = new SplitRing(bench.ram(), 16, begin);
            bench.use(ring);
            link.base(0, begin);
            link.setUpQueue(0, ring.layout());
            link.driverOk();
            for (int i = 0; i < 20; i++) {
                bench.runOk(bench.read(0, 512));
            }
            int stopped = link.stopRing(0);
            Expect.that(stopped == (begin + 20 & 0xffff), "stopped at " + stopped + " after 20 from " + begin);
            link.base(0, stopped);
            link.startRing(0);
            bench.runOk(bench.read(0, 512));
        }
        return "from 0, 100 and 0xfff0: 20 requests, stopped there, went on";
    }

    private static String reconnect(Bench bench) {
        bench.start(0);
        byte[] expected = Bench.pattern(71, 4096);
        bench.runOk(bench.write(400, expected));
        for (int i = 0; i < 20; i++) {
            bench.link().reset();
            bench.start(0);
            Expect.same(bench.readBack(400, 4096), expected, "what connection " + i + " reads");
        }
        Waiting.settle(1);
        return "all read what the first wrote";
    }
}
