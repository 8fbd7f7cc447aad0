package ringside.workloads.conformance.chapter;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import ringside.workloads.conformance.bench.Bench;
import ringside.workloads.conformance.bench.BlkRequest;
import ringside.workloads.conformance.bench.DeviceConfig;
import ringside.workloads.conformance.bench.Features;
import ringside.workloads.conformance.bench.RegisterLink;
import ringside.workloads.conformance.bench.Waiting;
import ringside.workloads.conformance.spec.NotApplicable;

/** VIRTIO-1.2 §5.2: the block device. */
final class BlockDevice {
    private static final int WRITEBACK = 32;
    private static final int SECTORS = 8;
    private static final int BYTES = SECTORS * 512;

    private BlockDevice() {}

    static void addTo(TestList list) {
        addConfiguration(list);
        addRequests(list);
        addStability(list);
    }

    private static void addConfiguration(TestList list) {
        for (DeviceConfig config : List.of(
                DeviceConfig.DEFAULT, DeviceConfig.DEFAULT.withoutConfigWce(), DeviceConfig.DEFAULT.asReadOnly())) {
            list.device("D43", "S08")
                    .on(config)
                    .test("FLUSH beside CONFIG_WCE, device: " + config.describe(), bench -> {
                        long offered = bench.link().offered();
                        boolean wce = (offered & Features.CONFIG_WCE) != 0;
                        boolean flush = (offered & Features.FLUSH) != 0;
                        Expect.that(!wce || flush, "CONFIG_WCE is offered without FLUSH");
                        Expect.should(flush, "FLUSH is not offered");
                        return "FLUSH is offered, CONFIG_WCE " + (wce ? "too" : "not");
                    });
        }
        list.device("D44").needs(Features.CONFIG_WCE).test("CONFIG_WCE without FLUSH", bench -> {
            bench.start(Features.CONFIG_WCE);
            long writeback = bench.link().config(WRITEBACK, 1);
            Expect.that(writeback == 0, "writeback starts at " + writeback);
            return "writeback starts at 0";
        });
        list.device("D45").test("padding of the configuration", bench -> {
            bench.link().reset();
            Expect.that(bench.link().config(33, 1) == 0, "unused0 is not 0");
            for (int i = 57; i < 60; i++) {
                Expect.that(bench.link().config(i, 1) == 0, "unused1 is not 0");
            }
            return "unused0 and unused1 read 0";
        });
        for (DeviceConfig config : List.of(DeviceConfig.DEFAULT, DeviceConfig.DEFAULT.withoutUnmap())) {
            list.device("S09")
                    .on(config)
                    .needs(Features.WRITE_ZEROES)
                    .test("write_zeroes_may_unmap, device: " + config.describe(), bench -> {
                        long value = bench.link().config(56, 1);
                        Expect.should(value == (config.unmaps() ? 1 : 0), "it reads " + value);
                        return "reads " + value;
                    });
        }
        list.device("S10").onRegisters().test("a notification when the configuration changes", bench -> {
            bench.start(0);
            long before = bench.capacity();
            bench.registers().takeConfigNotification();
            if (!bench.device().resize((before << 9) + (1 << 20))) {
                throw new NotApplicable("this target cannot change its configuration");
            }
            boolean told = Waiting.until(500, ((RegisterLink) bench.link())::takeConfigNotification);
            bench.device().resize(before << 9);
            Expect.should(told, "no notification");
            return "notified; write_zeroes_may_unmap itself never changes here";
        });
        list.device("D52", "D53", "S11").test("LIFETIME", bench -> {
            bench.start(0);
            if ((bench.link().offered() & Features.LIFETIME) == 0) {
                BlkRequest request = bench.request(BlkRequest.GET_LIFETIME, 0, new byte[0], 6);
                return "not offered: a file has no such metrics; GET_LIFETIME: "
                        + Expect.status(bench, request, BlkRequest.UNSUPP);
            }
            bench.start(Features.LIFETIME);
            BlkRequest request = bench.request(BlkRequest.GET_LIFETIME, 0, new byte[0], 6);
            bench.runOk(request);
            byte[] life = request.data();
            Expect.that(life[0] >= 0 && life[0] <= 3 && life[2] <= 11 && life[4] <= 11, "reserved values");
            return "offered, with values that mean something";
        });
    }

    private static void addRequests(TestList list) {
        for (boolean accept : new boolean[] {true, false}) {
            list.device("D46", "D47")
                    .on(DeviceConfig.DEFAULT.asReadOnly())
                    .needs(Features.RO)
                    .test(
                            "write to a read-only disk, RO " + (accept ? "accepted" : "not accepted"),
                            bench -> readOnly(bench, accept));
        }
        for (int type : new int[] {BlkRequest.DISCARD, BlkRequest.WRITE_ZEROES, BlkRequest.SECURE_ERASE}) {
            list.device("D48").needs(feature(type)).test("unknown flags in " + name(type), bench -> {
                bench.start(feature(type));
                for (int bit = 1; bit < 32; bit++) {
                    Expect.status(bench, bench.range(type, 0, 8, 1 << bit), BlkRequest.UNSUPP);
                }
                return "31 reserved bits give UNSUPP";
            });
        }
        list.device("D49", "R093").needs(Features.DISCARD).test("unmap in DISCARD", bench -> {
            bench.start(Features.DISCARD);
            return Expect.status(bench, bench.range(BlkRequest.DISCARD, 0, 8, 1), BlkRequest.UNSUPP);
        });
        for (int flags : new int[] {0, 1}) {
            list.device("D50")
                    .needs(Features.WRITE_ZEROES)
                    .test("read after WRITE_ZEROES, unmap " + flags, bench -> zeroes(bench, flags));
        }
    }

    static long feature(int type) {
        return switch (type) {
            case BlkRequest.DISCARD -> Features.DISCARD;
            case BlkRequest.WRITE_ZEROES -> Features.WRITE_ZEROES;
            default -> Features.SECURE_ERASE;
        };
    }

    static String name(int type) {
        return switch (type) {
            case BlkRequest.DISCARD -> "DISCARD";
            case BlkRequest.WRITE_ZEROES -> "WRITE_ZEROES";
            default -> "SECURE_ERASE";
        };
    }

    private static String readOnly(Bench bench, boolean accept) {
        bench.start(accept ? Features.RO : 0);
        byte[] before = bench.readBack(0, BYTES);
        String seen = Expect.status(bench, bench.write(0, Bench.pattern(41, BYTES)), BlkRequest.IOERR);
        Expect.same(bench.readBack(0, BYTES), before, "the disk after the write");
        bench.device().image().ifPresent(image -> Expect.same(contents(image, 0), before, "the image after the write"));
        return seen + ", nothing changed";
    }

    private static byte[] contents(Path image, long offset) {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "r")) {
            byte[] bytes = new byte[BYTES];
            file.seek(offset);
            file.readFully(bytes);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String zeroes(Bench bench, int flags) {
        bench.start(Features.WRITE_ZEROES);
        byte[] around = Bench.pattern(43, 3 * BYTES);
        bench.runOk(bench.write(96, around));
        bench.runOk(bench.range(BlkRequest.WRITE_ZEROES, 96 + SECTORS, SECTORS, flags));
        Arrays.fill(around, BYTES, 2 * BYTES, (byte) 0);
        Expect.same(bench.readBack(96, 3 * BYTES), around, "what is read");
        long hole = bench.capacity() - SECTORS;
        bench.runOk(bench.range(BlkRequest.WRITE_ZEROES, hole, SECTORS, flags));
        Expect.same(bench.readBack(hole, BYTES), new byte[BYTES], "the end of the disk");
        return "zeroes over data and at the end of the disk, its neighbours kept";
    }

    private static void addStability(TestList list) {
        list.device("D51")
                .needs(Features.FLUSH)
                .test("writes are in the image when FLUSH was refused by the driver", bench -> stable(bench, 0, false));
        list.device("D51")
                .needs(Features.FLUSH | Features.CONFIG_WCE)
                .test(
                        "writes are in the image at writeback = 0",
                        bench -> stable(bench, Features.FLUSH | Features.CONFIG_WCE, false));
        list.device("D51")
                .needs(Features.FLUSH)
                .test("writes are in the image after a FLUSH", bench -> stable(bench, Features.FLUSH, true));
        list.device("D51").needs(Features.FLUSH).test("writes are there for the next driver", BlockDevice::nextDriver);
    }

    /** What a test can see from outside: the write has left the device before it is reported. A power cut it cannot make. */
    private static String stable(Bench bench, long features, boolean flush) {
        Path image = bench.device()
                .image()
                .orElseThrow(() -> new NotApplicable("the image cannot be looked at from outside"));
        bench.start(features);
        if ((features & Features.CONFIG_WCE) != 0) {
            bench.link().putConfig(WRITEBACK, 1, 0);
            Expect.that(bench.link().config(WRITEBACK, 1) == 0, "writeback cannot be switched off");
        }
        for (int i = 0; i < 8; i++) {
            byte[] expected = Bench.pattern(47 + i, BYTES);
            bench.runOk(bench.write(200, expected));
            if (flush) {
                bench.runOk(bench.flush());
            }
            byte[] now = contents(image, 200 * 512);
            Expect.same(now, expected, "the image when " + (flush ? "the FLUSH" : "the write") + " was reported");
        }
        return "8 writes are in the image when they are reported (survives a killed process; a power cut is not tried)";
    }

    private static String nextDriver(Bench bench) {
        bench.start(Features.FLUSH);
        byte[] expected = Bench.pattern(53, BYTES);
        bench.runOk(bench.write(208, expected));
        bench.runOk(bench.flush());
        bench.link().reset();
        bench.start(0);
        Expect.same(bench.readBack(208, BYTES), expected, "what the next driver reads");
        return "kept over a reset";
    }
}
