package ringside.emulator.fuzz;

import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.eventloop.BigLock;
import ringside.emulator.transport.KickPolicy;
import ringside.emulator.transport.MmioTransport;

/**
 * The register window of virtio-mmio against {@link TransportModel}: accesses of any width at any offset, in any order,
 * with rings and requests behind them. Every value read must be what the model says, and so must all of memory.
 */
final class MmioTarget implements FuzzTarget {
    private static final int MAX_STEPS = 128;
    private static final long PACKED = 1L << 34;
    private static final int[] REGISTERS = {
        0x00, 0x04, 0x08, 0x0c, 0x10, 0x14, 0x20, 0x24, 0x30, 0x34, 0x38, 0x44, 0x50, 0x60, 0x64, 0x70, 0x80, 0x84,
        0x90, 0x94, 0xa0, 0xa4, 0xac, 0xb0, 0xb4, 0xb8, 0xbc, 0xc0, 0xfc
    };
    private static final long[] VALUES = {0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 0x40, 0x80, 0xff, 0x7fff_ffff, -1};

    private final RegisterDriver driver = new RegisterDriver();
    private final FuzzInput in = driver.in;
    private final BigLock lock = new BigLock(false);
    private final MmioTransport transport =
            new MmioTransport(driver.device, driver.twin.memory, lock, KickPolicy.TRAPPED);
    private final long offered = driver.device.offeredFeatures()
            | VirtioFeatures.VIRTIO_F_RING_RESET
            | VirtioFeatures.VIRTIO_F_NOTIFICATION_DATA;

    private TransportModel model;

    @Override
    public void run(byte[] input) {
        driver.begin(input);
        transport.write(0x70, 4, 0);
        model = new TransportModel(
                driver.twin,
                offered,
                RegisterDriver.QUEUES,
                RegisterDriver.MAX_SIZE,
                RegisterDriver.ID,
                driver.content);
        model.mayWork(true);
        for (int step = 0; step < MAX_STEPS && !in.isOver(); step++) {
            step();
        }
        for (int register : REGISTERS) {
            read(register, 4);
        }
        driver.compare();
    }

    private void step() {
        int kind = in.u8();
        switch (kind & 15) {
            case 0, 1 -> read(REGISTERS[in.below(REGISTERS.length)], 4);
            case 2 -> write(REGISTERS[in.below(REGISTERS.length)], 4, in.pick(VALUES));
            case 3 -> read(in.u16() % 0x220, 1 << in.below(4));
            case 4 -> write(in.u16() % 0x220, 1 << in.below(4), in.u64());
            case 5 -> write(0x70, 4, (kind & 16) == 0 ? 15 : in.u8());
            case 6 -> choose(kind);
            case 7 -> program(in.below(RegisterDriver.QUEUES + 1));
            case 8 -> write(0x44, 4, kind >>> 4 < 12 ? 1 : kind >>> 4 & 3);
            case 9, 10 -> write(0x50, 4, kind >>> 4 < 14 ? in.below(RegisterDriver.QUEUES) : in.u32());
            case 11, 12 -> model.selected().ifPresent(driver::offer);
            case 13 -> model.selected().ifPresent(driver::suppress);
            case 14 -> write(0x30, 4, in.below(RegisterDriver.QUEUES + 1));
            default -> initialise();
        }
    }

    private void choose(int kind) {
        long features = offered & ((kind & 16) == 0 ? -1L : in.u64());
        write(0x24, 4, 0);
        write(0x20, 4, features);
        write(0x24, 4, 1);
        write(0x20, 4, features >>> 32);
    }

    private void program(int queue) {
        write(0x30, 4, queue);
        write(0x38, 4, in.u8() < 240 ? 1 << in.below(4) : in.u16());
        int register = 0x80;
        for (int part = 0; part < 3; part++) {
            long gpa = driver.anyPlace(part);
            write(register, 4, gpa);
            write(register + 4, 4, gpa >>> 32);
            register += 0x10;
        }
    }

    /** What a well-behaved driver does, so that most inputs get as far as requests. */
    private void initialise() {
        write(0x70, 4, 0);
        write(0x70, 4, 3);
        choose(in.u8());
        write(0x70, 4, 11);
        for (int queue = 0; queue < RegisterDriver.QUEUES; queue++) {
            write(0x30, 4, queue);
            write(0x38, 4, 8);
            for (int part = 0; part < 3; part++) {
                long gpa = RegisterDriver.place(queue, part);
                write(0x80 + 0x10 * part, 4, gpa);
                write(0x84 + 0x10 * part, 4, gpa >>> 32);
            }
            write(0x44, 4, 1);
        }
        write(0x70, 4, 15);
    }

    private void read(int offset, int width) {
        long value = transport.read(offset, width);
        long expected = expectRead(offset, width);
        if (value != expected) {
            throw new AssertionError("register 0x%x reads 0x%x in %d bytes, by the specification 0x%x"
                    .formatted(offset, value, width, expected));
        }
    }

    private long expectRead(int offset, int width) {
        if (offset >= 0x100) {
            return config(offset - 0x100, width);
        }
        return width == 4 && offset % 4 == 0 ? Integer.toUnsignedLong(expectRegister(offset)) : 0;
    }

    private long config(int offset, int width) {
        long value = 0;
        for (int i = width - 1; i >= 0; i--) {
            value = value << 8 | driver.device.readConfig(offset + i);
        }
        return value;
    }

    /** §4.2.2, table 4.1: what cannot be read is 0. */
    private int expectRegister(int offset) {
        return switch (offset) {
            case 0x00 -> 0x74726976;
            case 0x04 -> 2;
            case 0x08 -> 2;
            case 0x0c -> 0x45445352;
            case 0x10 -> model.offeredWord();
            case 0x34 -> model.selected().isPresent() ? RegisterDriver.MAX_SIZE : 0;
            case 0x44 -> model.selected().filter(queue -> queue.enabled).isPresent() ? 1 : 0;
            case 0x60 -> model.raised;
            case 0x70 -> model.status;
            case 0xb0, 0xb4, 0xb8, 0xbc -> -1;
            default -> 0;
        };
    }

    /** Features that make another ring format are left to the target of that format. */
    private long legal(int offset, long value) {
        return offset == 0x20 && model.driverSelect == 1 ? value & ~(PACKED >>> 32) : value;
    }

    private void write(int offset, int width, long anything) {
        long value = legal(offset, anything);
        transport.write(offset, width, value);
        if (offset < 0x100 && width == 4 && offset % 4 == 0) {
            expectWrite(offset, (int) value);
        }
    }

    private void expectWrite(int offset, int value) {
        switch (offset) {
            case 0x14 -> model.deviceSelect = value;
            case 0x20 -> model.choose(value);
            case 0x24 -> model.driverSelect = value;
            case 0x30 -> model.select = value;
            case 0x44 -> ready(value);
            case 0x50 -> model.kick(model.has(TransportModel.NOTIFICATION_DATA) ? value & 0xffff : value);
            case 0x64 -> model.raised &= ~value;
            case 0x70 -> model.writeStatus(value);
            case 0xc0 -> {
                if (value == 1) {
                    model.resetQueue();
                }
            }
            default -> model.writable().ifPresent(queue -> expectQueue(queue, offset, value));
        }
    }

    private void ready(int value) {
        if (value == 1) {
            model.enable();
        } else if (value == 0) {
            model.disable();
        }
    }

    private static void expectQueue(TransportModel.Queue queue, int offset, int value) {
        switch (offset) {
            case 0x38 -> queue.num = value;
            case 0x80, 0x84 -> queue.desc = half(queue.desc, offset, value);
            case 0x90, 0x94 -> queue.driver = half(queue.driver, offset, value);
            case 0xa0, 0xa4 -> queue.device = half(queue.device, offset, value);
            default -> {
                // Nothing that can be written.
            }
        }
    }

    private static long half(long before, int offset, int value) {
        long bits = Integer.toUnsignedLong(value);
        return offset % 8 == 0 ? before & ~0xffff_ffffL | bits : before & 0xffff_ffffL | bits << 32;
    }

    @Override
    public void close() {
        driver.close();
        lock.close();
    }
}
