package ringside.emulator.vfiouser;

import ringside.emulator.fuzz.FuzzInput;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.memory.GuestRegionSpec;
import ringside.emulator.virtqueue.RawSplitRing;

/**
 * What a client does, decoded from any bytes: commands that are mostly well-formed with fields that are mostly near a
 * limit, descriptors of all kinds, a driver that sets up a ring, kicks. The same bytes mean the same client.
 */
final class ClientSequence {
    static final int MEMORY_BYTES = 1 << 20;
    static final long GPA = 0x4000_0000L;
    static final int RING_SIZE = 16;

    private static final int MAX_STEPS = 40;
    private static final int MSIX_BAR = 1;
    private static final int VIRTIO_BAR = 4;
    private static final int CONFIG = Vfio.VFIO_PCI_CONFIG_REGION_INDEX;
    private static final int NOTIFY = 0x3000;
    private static final long HEADER = GPA + 0x2000;
    private static final long STATUS = GPA + 0x3000;
    private static final long DATA = GPA + 0x8000;

    /** Registers of the common structure (VIRTIO-1.2 §4.1.4.3). */
    private static final long[] REGISTERS = {
        0x00, 0x04, 0x08, 0x0c, 0x10, 0x14, 0x14, 0x16, 0x18, 0x1a, 0x1c, 0x1c, 0x1e, 0x20, 0x28, 0x30, 0x3a, 0x1000,
        0x2000, NOTIFY
    };

    private static final long[] CONFIG_OFFSETS = {
        0x00, 0x04, 0x04, 0x06, 0x10, 0x14, 0x20, 0x24, 0x34, 0x3c, 0x40, 0x42, 0x50, 0xfe
    };

    private static final long[] VALUES = {
        0,
        1,
        2,
        3,
        4,
        7,
        8,
        15,
        16,
        256,
        4095,
        4096,
        8192,
        MEMORY_BYTES,
        MEMORY_BYTES - 1,
        0x7fff_ffffL,
        0x8000_0000L,
        0xffff_ffffL,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        -1,
        -4096,
        GPA,
        GPA + 4096,
        GPA + MEMORY_BYTES
    };

    private final FuzzInput in = new FuzzInput();
    private final GuestMemory memory;
    private final FuzzedClient.Files files;
    private RawSplitRing ring;

    ClientSequence(GuestMemory memory, FuzzedClient.Files files) {
        this.memory = memory;
        this.files = files;
    }

    /** Plays the client against a server that will read all this later. */
    void play(byte[] input, FuzzedClient client) {
        in.begin(input);
        int how = in.u8();
        offerRequests(how >> 5);
        if (how % 16 == 0) {
            client.breach(); // without a greeting
        } else {
            client.greet();
            if (how % 8 != 1) {
                client.map(memory.region(0), 3, memory.fileDescriptor(), memory.fileOffset(0));
            }
            if (how % 4 >= 2) {
                setUpRing(client);
            }
        }
        for (int step = 0; step < MAX_STEPS && !in.isOver(); step++) {
            step(client);
        }
        client.end();
    }

    /** A read; or a chain that is wrong somewhere. */
    private void offerRequests(int damage) {
        ring = new RawSplitRing(memory, RING_SIZE, GPA);
        ring.put(HEADER, new byte[16]);
        ring.desc(0, HEADER, 16, RawSplitRing.NEXT, 1);
        ring.desc(1, damage == 1 ? in.pick(VALUES) : DATA, damage == 2 ? in.u32() : 512, 3, damage == 3 ? in.u8() : 2);
        ring.desc(2, STATUS, damage == 4 ? 0 : 1, RawSplitRing.WRITE, 0);
        ring.offer(damage == 5 ? in.u8() : 0);
    }

    private void setUpRing(FuzzedClient client) {
        client.write(CONFIG, 4, 2, 6, true); // memory space and bus master
        client.write(VIRTIO_BAR, 0x14, 1, 3, true);
        client.write(VIRTIO_BAR, 0x08, 4, 1, true);
        client.write(VIRTIO_BAR, 0x0c, 4, 1, true); // VIRTIO_F_VERSION_1
        client.write(VIRTIO_BAR, 0x14, 1, 11, true);
        client.write(VIRTIO_BAR, 0x18, 2, RING_SIZE, true);
        client.write(VIRTIO_BAR, 0x20, 8, ring.descGpa, true);
        client.write(VIRTIO_BAR, 0x28, 8, ring.availGpa, true);
        client.write(VIRTIO_BAR, 0x30, 8, ring.usedGpa, true);
        client.write(VIRTIO_BAR, 0x1c, 2, 1, true);
        client.write(VIRTIO_BAR, 0x14, 1, 15, true);
        client.write(VIRTIO_BAR, NOTIFY, 2, 0, true);
    }

    private void step(FuzzedClient client) {
        int kind = in.u8();
        boolean posted = (kind & 0x40) != 0;
        switch (kind & 15) {
            case 0 -> client.write(VIRTIO_BAR, NOTIFY + 4L * in.below(4), 2, in.u8(), posted);
            case 1, 2 -> client.write(VIRTIO_BAR, in.pick(REGISTERS), 1 << in.below(4), in.pick(VALUES), posted);
            case 3 -> client.read(VIRTIO_BAR, in.pick(REGISTERS), 1 << in.below(4));
            case 4 -> client.write(CONFIG, in.pick(CONFIG_OFFSETS), 1 << in.below(4), in.pick(VALUES), posted);
            case 5 -> client.read(CONFIG, in.pick(CONFIG_OFFSETS), in.u8());
            case 6 -> client.write(MSIX_BAR, 4L * in.below(16), 4, in.pick(VALUES), posted);
            case 7 -> client.read((int) in.pick(VALUES), in.pick(VALUES), in.u16() & 0x1ff);
            case 8, 9 -> interrupts(client, posted);
            case 10 -> map(client);
            case 11 -> unmap(client, posted);
            case 12 -> info(client);
            case 13 -> reset(client, posted);
            case 14 -> refused(client);
            default -> anything(client);
        }
    }

    private void interrupts(FuzzedClient client, boolean posted) {
        int count = in.below(5);
        VfioUserMessage message = client.command(VfioUserCommand.DEVICE_SET_IRQS, 20 + in.below(8))
                .u32(0, 20)
                .u32(4, in.u8() & 0x3f)
                .u32(8, in.below(6))
                .u32(12, in.below(4))
                .u32(16, in.below(8) == 7 ? (int) in.pick(VALUES) : count);
        for (int i = in.below(3) * count / 2; i > 0; i--) {
            message.attachFd(in.below(8) == 7 ? files.any(in.u8()) : files.event);
        }
        if (posted) {
            message.noReply();
        }
        client.say(VfioUserCommand.DEVICE_SET_IRQS, 0);
    }

    private void map(FuzzedClient client) {
        int pick = in.u8();
        int fd = pick < 32 ? -1 : pick < 64 ? files.any(pick) : memory.fileDescriptor();
        VfioUserMessage message = client.command(VfioUserCommand.DMA_MAP, 32)
                .u32(0, 32)
                .u32(4, in.below(8))
                .u64(8, in.pick(VALUES))
                .u64(16, in.pick(VALUES))
                .u64(24, in.pick(VALUES));
        if (fd >= 0) {
            message.attachFd(fd);
        }
        client.say(VfioUserCommand.DMA_MAP, 0);
    }

    private void unmap(FuzzedClient client, boolean posted) {
        GuestRegionSpec all = memory.region(0);
        boolean known = in.below(2) == 0;
        VfioUserMessage message = client.command(VfioUserCommand.DMA_UNMAP, 24)
                .u32(0, 24)
                .u32(4, in.below(4))
                .u64(8, known ? all.gpa() : in.pick(VALUES))
                .u64(16, known ? all.lengthBytes() : in.pick(VALUES));
        if (posted) {
            message.noReply();
        }
        client.say(VfioUserCommand.DMA_UNMAP, 24);
    }

    private void info(FuzzedClient client) {
        int index = (int) (in.below(4) == 3 ? in.pick(VALUES) : in.below(10));
        switch (in.below(3)) {
            case 0 -> {
                client.command(VfioUserCommand.DEVICE_GET_INFO, 16).u32(0, index);
                client.say(VfioUserCommand.DEVICE_GET_INFO, 16);
            }
            case 1 -> {
                client.command(VfioUserCommand.DEVICE_GET_REGION_INFO, 32).u32(8, index);
                client.say(VfioUserCommand.DEVICE_GET_REGION_INFO, 32);
            }
            default -> {
                client.command(VfioUserCommand.DEVICE_GET_IRQ_INFO, 16).u32(8, index);
                client.say(VfioUserCommand.DEVICE_GET_IRQ_INFO, 16);
            }
        }
    }

    private static void reset(FuzzedClient client, boolean posted) {
        VfioUserMessage message = client.command(VfioUserCommand.DEVICE_RESET, 0);
        if (posted) {
            message.noReply();
        }
        client.say(VfioUserCommand.DEVICE_RESET, 0);
    }

    /** What the server does not offer: answered with an error, so that no other length is right. */
    private void refused(FuzzedClient client) {
        VfioUserCommand[] commands = {
            VfioUserCommand.DEVICE_FEATURE, VfioUserCommand.DEVICE_GET_REGION_IO_FDS, VfioUserCommand.REGION_WRITE_MULTI
        };
        VfioUserCommand command = commands[in.below(commands.length)];
        client.command(command, command.fixedBytes() + in.below(32)).u32(0, in.u8());
        client.say(command, Integer.MAX_VALUE);
    }

    /** Bytes that need not be a message, with descriptors that nobody asked for. */
    private void anything(FuzzedClient client) {
        VfioUserCommand[] commands = VfioUserCommand.values();
        int payload = in.below(64);
        VfioUserMessage message = client.command(commands[in.below(commands.length)], payload);
        for (int i = 0; i < payload; i += 4) {
            message.u32(i, in.u32());
        }
        for (int i = in.below(8) - 4; i >= 0; i--) {
            message.data(in.below(16) - VfioUserMessage.HEADER_BYTES, 1, in.u8());
        }
        for (int i = in.below(32) - 15; i > 0; i--) {
            message.attachFd(files.any(in.u8()));
        }
        client.sayAnything(1 + in.below(VfioUserMessage.HEADER_BYTES + payload));
    }
}
