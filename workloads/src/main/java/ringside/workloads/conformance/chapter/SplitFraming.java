package ringside.workloads.conformance.chapter;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import ringside.workloads.conformance.bench.Bench;
import ringside.workloads.conformance.bench.BlkRequest;
import ringside.workloads.conformance.bench.Buffer;
import ringside.workloads.conformance.bench.Features;
import ringside.workloads.conformance.bench.SplitRing;
import ringside.workloads.conformance.bench.Used;

/** VIRTIO-1.2 §2.7.4 and §2.7.5: how requests are cut into descriptors. */
final class SplitFraming {
    private static final int BYTES = 2048;

    private SplitFraming() {}

    static void addTo(TestList list) {
        list.device("D11").test("header split into 8 + 8", bench -> write(bench, cut(8, 8), List.of(BYTES)));
        list.device("D11").test("header split into 4 x 4", bench -> write(bench, cut(4, 4, 4, 4), List.of(BYTES)));
        list.device("D11")
                .test("header split into 16 x 1", bench -> write(bench, Collections.nCopies(16, 1), List.of(BYTES)));
        list.device("D11").test("data in uneven segments", bench -> write(bench, cut(16), cut(1, 511, 513, 1000, 23)));
        list.device("D11").test("data in 4 x 512", bench -> write(bench, cut(16), cut(512, 512, 512, 512)));
        list.device("D11").test("header and data in one descriptor", SplitFraming::headerWithData);
        list.device("D11").test("read into 48 x 512", SplitFraming::scattered);
        list.device("D11").test("data and status in one descriptor", SplitFraming::statusBehindData);
        list.device("D11", "R018")
                .needs(Features.INDIRECT)
                .test("the same requests by indirect tables", SplitFraming::indirect);
        list.device("D12").split().test("readable buffers before and after", SplitFraming::readableUntouched);
        list.device("D27").packed().test("readable buffers before and after", SplitFraming::readableUntouched);
        list.device("D13").split().test("the descriptor table before and after", SplitFraming::tableUntouched);
        list.device("D14")
                .split()
                .needs(Features.INDIRECT)
                .test("WRITE on the descriptor of a table", bench -> chained(bench, 0, SplitRing.WRITE));
        for (int normal : new int[] {0, 1, 3}) {
            list.device("D15")
                    .split()
                    .needs(Features.INDIRECT)
                    .test(normal + " descriptors, then a table", bench -> chained(bench, normal, 0));
        }
        list.device("S04").split().test("writable buffers with misleading content", SplitFraming::misleading);
        list.device("S07").packed().test("writable buffers with misleading content", SplitFraming::misleading);
    }

    private static List<Integer> cut(Integer... lengths) {
        return List.of(lengths);
    }

    /** Cuts a range into readable or writable pieces. */
    static List<Buffer> pieces(long gpa, List<Integer> lengths, boolean writable) {
        List<Buffer> pieces = new ArrayList<>();
        long at = gpa;
        for (int length : lengths) {
            pieces.add(new Buffer(at, length, writable));
            at += length;
        }
        return pieces;
    }

    private static String write(Bench bench, List<Integer> header, List<Integer> data) {
        bench.start(0);
        byte[] expected = Bench.pattern(header.size() * 7 + data.size(), BYTES);
        BlkRequest request = bench.write(16, expected);
        List<Buffer> buffers = pieces(request.headerGpa(), header, false);
        buffers.addAll(pieces(request.dataGpa(), data, false));
        buffers.add(Buffer.writable(request.statusGpa(), 1));
        bench.runOk(request.with(buffers));
        Expect.same(bench.readBack(16, BYTES), expected, "what was written");
        return buffers.size() + " descriptors, data arrived";
    }

    private static String headerWithData(Bench bench) {
        bench.start(0);
        byte[] expected = Bench.pattern(5, BYTES);
        BlkRequest request = bench.write(24, expected);
        long whole = bench.ram().allocate(16 + BYTES, 16);
        bench.ram().put(whole, bench.ram().bytes(request.headerGpa(), 16));
        bench.ram().put(whole + 16, expected);
        bench.runOk(request.with(List.of(Buffer.readable(whole, 16 + BYTES), Buffer.writable(request.statusGpa(), 1))));
        Expect.same(bench.readBack(24, BYTES), expected, "what was written");
        return "2 descriptors, data arrived";
    }

    private static String scattered(Bench bench) {
        bench.start(0);
        int bytes = 48 * 512;
        byte[] expected = Bench.pattern(9, bytes);
        bench.runOk(bench.write(32, expected));
        BlkRequest request = bench.read(32, bytes);
        List<Buffer> buffers = new ArrayList<>(List.of(request.buffers().getFirst()));
        buffers.addAll(pieces(request.dataGpa(), Collections.nCopies(48, 512), true));
        buffers.add(Buffer.writable(request.statusGpa(), 1));
        bench.runOk(request.with(buffers));
        Expect.same(request.data(), expected, "what was read");
        return "50 descriptors, data arrived";
    }

    private static String statusBehindData(Bench bench) {
        bench.start(0);
        byte[] expected = Bench.pattern(11, 512);
        bench.runOk(bench.write(8, expected));
        BlkRequest request = bench.read(8, 512);
        long whole = bench.ram().allocate(513, 512);
        bench.ram().fill(whole, 513, 0xee);
        BlkRequest joined = new BlkRequest(
                bench.ram(),
                request.headerGpa(),
                whole,
                512,
                whole + 512,
                List.of(request.buffers().getFirst(), Buffer.writable(whole, 513)));
        bench.runOk(joined);
        Expect.same(joined.data(), expected, "what was read");
        return "the last byte of 513 is the status";
    }

    private static String indirect(Bench bench) {
        bench.start(Features.INDIRECT);
        byte[] expected = Bench.pattern(13, BYTES);
        BlkRequest write = bench.write(40, expected);
        bench.ring().addIndirect(write.buffers());
        bench.ring().publish();
        bench.link().kick(0);
        bench.awaitUsed();
        Expect.that(
                write.status() == BlkRequest.OK,
                "an indirect write ended with " + BlkRequest.statusName(write.status()));
        Expect.same(bench.readBack(40, BYTES), expected, "what was written");
        return "a table of 3, data arrived";
    }

    private static String readableUntouched(Bench bench) {
        bench.start(0);
        BlkRequest write = bench.write(48, Bench.pattern(17, BYTES));
        byte[] data = write.data();
        byte[] header = bench.ram().bytes(write.headerGpa(), 16);
        bench.runOk(write);
        Expect.same(write.data(), data, "the data of a write");
        Expect.same(bench.ram().bytes(write.headerGpa(), 16), header, "its header");
        BlkRequest read = bench.read(48, 512);
        byte[] readHeader = bench.ram().bytes(read.headerGpa(), 16);
        bench.runOk(read);
        Expect.same(bench.ram().bytes(read.headerGpa(), 16), readHeader, "the header of a read");
        return "header and data are the same before and after";
    }

    private static String tableUntouched(Bench bench) {
        bench.start(0, 16);
        BlkRequest request = bench.read(0, 4096);
        bench.ring().add(request.buffers());
        byte[] table = bench.ram().bytes(bench.ring().layout().descGpa(), 16 * 16);
        bench.ring().publish();
        bench.link().kick(0);
        bench.awaitUsed();
        Expect.same(bench.ram().bytes(bench.ring().layout().descGpa(), 16 * 16), table, "the descriptor table");
        return "256 bytes of descriptors are the same before and after";
    }

    private static String chained(Bench bench, int normal, int moreFlags) {
        bench.start(Features.INDIRECT);
        SplitRing ring = bench.split();
        byte[] expected = Bench.pattern(19 + normal, BYTES);
        BlkRequest request = bench.write(56, expected);
        List<Buffer> all = pieces(request.headerGpa(), normal < 3 ? cut(16) : cut(8, 8), false);
        all.addAll(pieces(request.dataGpa(), cut(BYTES), false));
        all.add(Buffer.writable(request.statusGpa(), 1));
        for (int i = 0; i < normal; i++) {
            Buffer buffer = all.get(i);
            ring.desc(i, buffer.gpa(), buffer.bytes(), SplitRing.flags(buffer, true), i + 1);
        }
        List<Buffer> rest = all.subList(normal, all.size());
        ring.desc(normal, ring.table(rest), 16L * rest.size(), SplitRing.INDIRECT | moreFlags, 0);
        ring.offer(0);
        ring.publish();
        bench.link().kick(0);
        Used used = bench.awaitUsed();
        Expect.that(
                used.id() == 0 && request.status() == BlkRequest.OK,
                "ended with " + BlkRequest.statusName(request.status()));
        bench.start(0);
        Expect.same(bench.readBack(56, BYTES), expected, "what was written");
        return normal + " descriptors and a table of " + rest.size() + " are one request";
    }

    /** What a device reads can only come from readable buffers: writable ones hold a header of another request. */
    private static String misleading(Bench bench) {
        bench.start(0);
        byte[] expected = Bench.pattern(23, 512);
        bench.runOk(bench.write(64, expected));
        BlkRequest request = bench.read(64, 512);
        bench.ram().put32(request.dataGpa(), BlkRequest.OUT);
        bench.ram().put64(request.dataGpa() + 8, 1 << 20);
        bench.ram().put8(request.statusGpa(), BlkRequest.IOERR);
        Expect.should(bench.run(request).status() == BlkRequest.OK, "the outcome depends on a writable buffer");
        Expect.same(request.data(), expected, "what was read");
        return "the outcome does not depend on what writable buffers held";
    }
}
