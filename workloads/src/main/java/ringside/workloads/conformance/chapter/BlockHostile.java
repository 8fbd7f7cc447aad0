package ringside.workloads.conformance.chapter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import ringside.workloads.conformance.bench.Bench;
import ringside.workloads.conformance.bench.BlkRequest;
import ringside.workloads.conformance.bench.Buffer;
import ringside.workloads.conformance.bench.Features;
import ringside.workloads.conformance.bench.Waiting;

/** Drivers that break VIRTIO-1.2 §5.2. */
final class BlockHostile {
    private BlockHostile() {}

    static void addTo(TestList list) {
        addRanges(list);
        addLengths(list);
        addSegments(list);
        addFrames(list);
    }

    private static void addRanges(TestList list) {
        list.hostile("R083").test("read writeback before FEATURES_OK", bench -> {
            bench.link().reset();
            long value = bench.link().config(32, 1);
            Expect.should(value <= 1, "writeback reads " + value);
            return "reads " + value;
        });
        list.hostile("R084").test("read and write behind the end", bench -> {
            bench.start(0);
            Expect.status(bench, bench.write(bench.capacity(), new byte[512]), BlkRequest.IOERR);
            return Expect.status(bench, bench.read(bench.capacity(), 512), BlkRequest.IOERR);
        });
        list.hostile("R084").test("read and write across the end", bench -> {
            bench.start(0);
            Expect.status(bench, bench.write(bench.capacity() - 1, new byte[1024]), BlkRequest.IOERR);
            return Expect.status(bench, bench.read(bench.capacity() - 1, 1024), BlkRequest.IOERR);
        });
        for (long sector : new long[] {-1L, Long.MAX_VALUE, 1L << 55, (1L << 55) - 1, Long.MIN_VALUE}) {
            list.hostile("R084").test("sector 0x" + Long.toHexString(sector), bench -> {
                bench.start(0);
                Expect.status(bench, bench.write(sector, new byte[1024]), BlkRequest.IOERR);
                return Expect.status(bench, bench.read(sector, 1024), BlkRequest.IOERR);
            });
        }
        list.hostile("R085").needs(Features.FLUSH).test("FLUSH with a sector", bench -> {
            bench.start(Features.FLUSH);
            return Expect.status(bench, bench.request(BlkRequest.FLUSH, bench.capacity() + 1, new byte[0], 0), 0, 1, 2);
        });
    }

    private static void addLengths(TestList list) {
        for (int bytes : new int[] {1, 511, 513}) {
            list.hostile("R086").test("read and write of " + bytes + " bytes", bench -> {
                bench.start(0);
                byte[] before = bench.readBack(0, 1024);
                String read = Expect.proposed(bench, bench.read(0, bytes), BlkRequest.IOERR);
                bench.start(0);
                Expect.proposed(bench, bench.write(0, Bench.pattern(61, bytes)), BlkRequest.IOERR);
                bench.start(0);
                Expect.same(bench.readBack(0, 1024), before, "the disk after the write");
                return read + ", nothing written";
            });
        }
        list.hostile("R086").test("read and write of nothing", bench -> {
            bench.start(0);
            Expect.proposed(bench, bench.write(0, new byte[0]), 0, 1, 2);
            return Expect.proposed(bench, bench.read(0, 0), 0, 1, 2);
        });
        for (int bytes : new int[] {0, 19, 21, 4096}) {
            list.hostile("R088").test("GET_ID into " + bytes + " bytes", bench -> {
                bench.start(0);
                BlkRequest request = bench.request(BlkRequest.GET_ID, 0, new byte[0], bytes);
                String seen = Expect.proposed(bench, request, 0, 1, 2);
                byte[] data = request.data();
                for (int i = 20; i < data.length && bytes > 20; i++) {
                    Expect.that(data[i] == (byte) 0xa5, "byte " + i + " was written");
                }
                return seen;
            });
        }
        for (int type : new int[] {12, 15, 0x7fff_ffff, -1}) {
            list.hostile("R084").test("request type " + type, bench -> {
                bench.start(0);
                return Expect.status(bench, bench.request(type, 0, new byte[0], 512), BlkRequest.UNSUPP);
            });
        }
    }

    private static void addSegments(TestList list) {
        for (int type : new int[] {BlkRequest.DISCARD, BlkRequest.WRITE_ZEROES, BlkRequest.SECURE_ERASE}) {
            String name = BlockDevice.name(type);
            String limit = type == BlkRequest.DISCARD ? "R089" : type == BlkRequest.WRITE_ZEROES ? "R091" : "R090";
            int limitField = type == BlkRequest.DISCARD ? 40 : type == BlkRequest.WRITE_ZEROES ? 52 : 64;
            for (int bytes : new int[] {0, 1, 15, 17}) {
                list.hostile("R087")
                        .needs(BlockDevice.feature(type))
                        .test(name + " with " + bytes + " bytes of segments", bench -> {
                            bench.start(BlockDevice.feature(type));
                            BlkRequest request = bench.request(type, 0, new byte[bytes], 0);
                            return Expect.proposed(bench, request, BlkRequest.IOERR);
                        });
            }
            list.hostile(limit)
                    .needs(BlockDevice.feature(type))
                    .test(name + " of more segments than allowed", bench -> {
                        bench.start(BlockDevice.feature(type));
                        int count = (int) Math.min(1 << 16, bench.link().config(limitField, 4) + 1);
                        byte[] list1 = new byte[16 * count];
                        byte[] one = Bench.segment(0, 1, 0);
                        for (int i = 0; i < count; i++) {
                            System.arraycopy(one, 0, list1, 16 * i, 16);
                        }
                        return Expect.proposed(bench, bench.request(type, 0, list1, 0), BlkRequest.IOERR);
                    });
            list.hostile(limit).needs(BlockDevice.feature(type)).test(name + " behind the end", bench -> {
                bench.start(BlockDevice.feature(type));
                Expect.proposed(bench, bench.range(type, bench.capacity(), 1, 0), BlkRequest.IOERR);
                Expect.proposed(bench, bench.range(type, -1L, -1, 0), BlkRequest.IOERR);
                return Expect.proposed(bench, bench.range(type, bench.capacity() - 1, 2, 0), BlkRequest.IOERR);
            });
            list.hostile(limit).needs(BlockDevice.feature(type)).test(name + " of 0 and of 2^32 - 1 sectors", bench -> {
                bench.start(BlockDevice.feature(type));
                Expect.proposed(bench, bench.range(type, 0, 0, 0), 0, 1, 2);
                return Expect.proposed(bench, bench.range(type, 0, -1, 0), BlkRequest.IOERR);
            });
            list.hostile(limit).test(name + " that was not negotiated", bench -> {
                bench.start(0);
                byte[] before = bench.readBack(0, 512);
                String seen = Expect.proposed(bench, bench.range(type, 0, 1, 0), BlkRequest.UNSUPP);
                bench.start(0);
                Expect.same(bench.readBack(0, 512), before, "the disk");
                return seen + ", nothing changed";
            });
        }
    }

    private static void addFrames(TestList list) {
        for (int bytes : new int[] {1, 8, 15}) {
            list.hostile("R086").test("a header of " + bytes + " bytes", bench -> {
                bench.start(0);
                BlkRequest request = bench.read(0, 512);
                List<Buffer> buffers = new ArrayList<>(request.buffers());
                buffers.set(0, Buffer.readable(request.headerGpa(), bytes));
                return ends(bench, request.with(buffers));
            });
        }
        list.hostile("R013").test("no status byte", bench -> {
            bench.start(0);
            BlkRequest request = bench.write(0, bench.readBack(0, 512));
            return ends(bench, request.with(request.buffers().subList(0, 2)));
        });
        list.hostile("R013").test("a status that is readable", bench -> {
            bench.start(0);
            BlkRequest request = bench.write(0, bench.readBack(0, 512));
            List<Buffer> buffers = new ArrayList<>(request.buffers());
            buffers.set(2, Buffer.readable(request.statusGpa(), 1));
            return ends(bench, request.with(buffers));
        });
        list.hostile("R013").test("nothing but a header", bench -> {
            bench.start(0);
            BlkRequest request = bench.flush();
            return ends(bench, request.with(request.buffers().subList(0, 1)));
        });
        list.hostile("R013").test("nothing but a status", bench -> {
            bench.start(0);
            BlkRequest request = bench.flush();
            return ends(bench, request.with(request.buffers().subList(1, 2)));
        });
        list.hostile("R054").test("rewrite the header while the request is in flight", BlockHostile::doubleFetch);
        list.hostile("R055").test("an own request's buffer is also the ring", bench -> {
            bench.start(0);
            BlkRequest request = bench.read(0, 512);
            List<Buffer> buffers = new ArrayList<>(request.buffers());
            buffers.set(1, Buffer.writable(bench.ring().layout().descGpa() + 512, 512));
            return ends(bench, request.with(buffers));
        });
    }

    private static String ends(Bench bench, BlkRequest request) {
        bench.submit(request);
        boolean used = Waiting.until(
                400, () -> bench.link().broken() || bench.ring().poll().isPresent());
        if (bench.link().broken()) {
            return "broken until reset";
        }
        return used ? "used, status " + BlkRequest.statusName(request.status()) : "ignored";
    }

    /** A device that reads the header twice writes elsewhere than it checked. */
    private static String doubleFetch(Bench bench) {
        bench.start(0);
        byte[] guard = bench.readBack(300, 512);
        int rounds = 200;
        for (int i = 0; i < rounds; i++) {
            BlkRequest request = bench.write(310, Bench.pattern(i, 512));
            bench.ring().add(request.buffers());
            bench.ring().publish();
            bench.link().kick(0);
            for (int j = 0; j < 20; j++) {
                bench.ram().put64(request.headerGpa() + 8, bench.capacity() + j);
            }
            bench.awaitUsed();
            int status = request.status();
            Expect.that(status == BlkRequest.OK || status == BlkRequest.IOERR, "status " + status);
        }
        Expect.that(Arrays.equals(bench.readBack(300, 512), guard), "another sector was written");
        return rounds + " requests end with OK or IOERR, no other sector is written";
    }
}
