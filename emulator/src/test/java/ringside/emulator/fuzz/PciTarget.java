package ringside.emulator.fuzz;

import java.util.Arrays;
import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.eventloop.BigLock;
import ringside.emulator.pci.InterruptSink;
import ringside.emulator.pci.PciBar;
import ringside.emulator.transport.KickPolicy;
import ringside.emulator.transport.PciTransport;
import ringside.emulator.transport.TransportParts;

/**
 * A virtio-pci function against {@link PciModel}: configuration space, both BARs and the window through configuration
 * space, with accesses of any width at any offset. Every value read, every message, the level of the line and all of
 * memory must be what the model says.
 */
final class PciTarget implements FuzzTarget {
    private static final int MAX_STEPS = 128;
    private static final int VECTORS = 3;
    private static final int MSIX_BAR = 1;
    private static final int VIRTIO_BAR = 4;
    private static final int PENDING = 0x800;
    private static final int ISR = 0x1000;
    private static final int DEVICE = 0x2000;
    private static final int NOTIFY = 0x3000;
    private static final int PACKED_HALF = 1 << 2;
    private static final long[] FIELDS = {
        0x00, 0x04, 0x08, 0x0c, 0x10, 0x12, 0x14, 0x15, 0x16, 0x18, 0x1a, 0x1c, 0x1e, 0x20, 0x24, 0x28, 0x2c, 0x30,
        0x34, 0x38, 0x3a, 0x3c
    };
    private static final long[] VALUES = {0, 1, 2, 3, 4, 7, 8, 9, 11, 15, 0x40, 0xff, 0xffff, -1};

    private final RegisterDriver driver = new RegisterDriver();
    private final FuzzInput in = driver.in;
    private final BigLock lock = new BigLock(false);
    private final PciTransport function =
            new PciTransport(new TransportParts(driver.device, driver.twin.memory, lock, KickPolicy.TRAPPED), VECTORS);
    private final Messages messages = new Messages();
    private final byte[] fresh = new byte[256];
    private final long offered = driver.device.offeredFeatures()
            | VirtioFeatures.VIRTIO_F_RING_RESET
            | VirtioFeatures.VIRTIO_F_NOTIFICATION_DATA
            | VirtioFeatures.VIRTIO_F_NOTIF_CONFIG_DATA;

    private PciModel model;

    /** Counts, and compares each message with the table. */
    private final class Messages implements InterruptSink {
        private final int[] sent = new int[VECTORS];
        private boolean line;

        @Override
        public void message(int vector, long address, int data) {
            sent[vector]++;
            long wanted = model.readTable(16 * vector, 8) & ~3L;
            boolean same = unsettled || address == wanted && data == (int) model.readTable(16 * vector + 8, 4);
            Check.that(same, "vector %d sends another message than its entry says", vector);
        }

        @Override
        public void intx(boolean asserted) {
            line = asserted;
        }
    }

    /** The write under way changes an entry of the table, which the model has not done yet. */
    private boolean unsettled;

    PciTarget() {
        for (int i = 0; i < fresh.length; i++) {
            fresh[i] = (byte) function.configRead(i, 1);
        }
        function.connect(messages);
    }

    @Override
    public void run(byte[] input) {
        driver.begin(input);
        function.reset();
        model = new PciModel(
                new TransportModel(
                        driver.twin,
                        offered,
                        RegisterDriver.QUEUES,
                        RegisterDriver.MAX_SIZE,
                        RegisterDriver.ID,
                        driver.content),
                fresh,
                VECTORS);
        for (int bar : new int[] {MSIX_BAR, VIRTIO_BAR}) {
            PciBar size = function.bar(bar);
            model.allowBar(bar, size.sizeBytes(), size.wide());
        }
        Arrays.fill(messages.sent, 0);
        for (int step = 0; step < MAX_STEPS && !in.isOver(); step++) {
            step();
            compareInterrupts();
        }
        for (int offset = 0; offset < 0x40; offset += 8) {
            barRead(VIRTIO_BAR, offset, 8);
        }
        for (int offset = 0; offset < 256; offset += 4) {
            configRead(offset, 4);
        }
        driver.compare();
    }

    private void compareInterrupts() {
        Check.that(Arrays.equals(messages.sent, model.sent), "other messages were sent");
        Check.that(messages.line == model.lineAsserted(), "the line is asserted: %s", messages.line);
        Check.that(
                function.intxAsserted() == model.lineAsserted(), "the line is said to be asserted: %s", messages.line);
    }

    private void step() {
        int kind = in.u8();
        switch (kind & 15) {
            case 0 -> barRead(VIRTIO_BAR, in.pick(FIELDS), 1 << in.below(4));
            case 1 -> barWrite(VIRTIO_BAR, in.pick(FIELDS), 1 << in.below(4), in.pick(VALUES));
            case 2 -> anyAccess(kind);
            case 3 -> config(kind);
            case 4 -> configWrite(4, 2, (kind & 0x30) == 0 ? in.u16() : 6);
            case 5 -> barWrite(VIRTIO_BAR, 0x14, 1, (kind & 16) == 0 ? 15 : in.u8());
            case 6 -> choose(kind);
            case 7 -> program(in.below(RegisterDriver.QUEUES + 1));
            case 8 -> barWrite(VIRTIO_BAR, kind < 0x40 ? 0x3a : 0x1c, 2, 1);
            case 9, 10 -> kick(kind);
            case 11, 12 -> model.core.selected().ifPresent(driver::offer);
            case 13 -> model.core.selected().ifPresent(driver::suppress);
            case 14 -> interrupts(kind);
            default -> restart(kind);
        }
    }

    private void anyAccess(int kind) {
        int bar = (kind & 16) == 0 ? VIRTIO_BAR : in.u8() % 8 - 1;
        long offset = in.u8() < 240 ? (in.u8() % 6) * 0x800 + in.u8() % 0x48 : in.u64();
        int width = in.u8() < 240 ? 1 << in.below(4) : in.u8();
        if ((kind & 32) == 0) {
            barRead(bar, offset, width);
        } else {
            barWrite(bar, offset, width, in.u64());
        }
    }

    private void config(int kind) {
        int offset = in.u8() < 248 ? in.u8() : in.u32();
        int width = in.u8() < 248 ? 1 << in.below(3) : in.u8();
        if ((kind & 16) == 0) {
            configRead(offset, width);
        } else {
            configWrite(offset, width, in.u32());
        }
    }

    /** Vectors, masks, enabling of MSI-X, ISR. */
    private void interrupts(int kind) {
        switch (kind >>> 4 & 7) {
            case 0 -> barRead(VIRTIO_BAR, ISR, 1);
            case 1 -> barWrite(VIRTIO_BAR, 0x10, 2, in.below(VECTORS + 2));
            case 2 -> barWrite(VIRTIO_BAR, 0x1a, 2, in.below(VECTORS + 2));
            case 3 -> barWrite(MSIX_BAR, 16L * in.below(VECTORS) + 12, 4, in.u8() & 3);
            case 4 -> barWrite(MSIX_BAR, 8L * in.below(2 * VECTORS), 8, in.u64());
            case 5 -> barRead(MSIX_BAR, PENDING, 1 << in.below(4));
            default -> control(in.u8());
        }
    }

    private void control(int bits) {
        for (int at = fresh[0x34] & 0xff; at != 0; at = fresh[at + 1] & 0xff) {
            if (fresh[at] == 0x11) {
                configWrite(at + 2, 2, bits << 8);
            }
        }
    }

    private void kick(int kind) {
        int queue = kind >>> 4 < 14 ? in.below(RegisterDriver.QUEUES) : in.u8();
        barWrite(VIRTIO_BAR, NOTIFY + 4L * queue, kind < 0x80 ? 2 : 4, in.u16());
    }

    private void choose(int kind) {
        long features = offered & ((kind & 16) == 0 ? -1L : in.u64());
        barWrite(VIRTIO_BAR, 0x08, 4, 0);
        barWrite(VIRTIO_BAR, 0x0c, 4, features);
        barWrite(VIRTIO_BAR, 0x08, 4, 1);
        barWrite(VIRTIO_BAR, 0x0c, 4, features >>> 32);
    }

    private void program(int queue) {
        barWrite(VIRTIO_BAR, 0x16, 2, queue);
        barWrite(VIRTIO_BAR, 0x18, 2, in.u8() < 240 ? 1 << in.below(4) : in.u16());
        for (int part = 0; part < 3; part++) {
            barWrite(VIRTIO_BAR, 0x20 + 8L * part, 8, driver.anyPlace(part));
        }
    }

    private void restart(int kind) {
        if (kind < 0x40) {
            function.reset();
            model.powerOn();
            return;
        }
        configWrite(4, 2, 6);
        barWrite(VIRTIO_BAR, 0x14, 1, 0);
        barWrite(VIRTIO_BAR, 0x14, 1, 3);
        choose(kind);
        barWrite(VIRTIO_BAR, 0x14, 1, 11);
        for (int queue = 0; queue < RegisterDriver.QUEUES; queue++) {
            barWrite(VIRTIO_BAR, 0x16, 2, queue);
            for (int part = 0; part < 3; part++) {
                barWrite(VIRTIO_BAR, 0x20 + 8L * part, 8, RegisterDriver.place(queue, part));
            }
            barWrite(VIRTIO_BAR, 0x1a, 2, queue);
            barWrite(VIRTIO_BAR, 0x1c, 2, 1);
        }
        barWrite(VIRTIO_BAR, 0x14, 1, 15);
    }

    private static boolean width(int width, int most) {
        return (width == 1 || width == 2 || width == 4 || width == 8) && width <= most;
    }

    private static boolean insideConfig(int offset, int width) {
        return width(width, 4) && offset >= 0 && offset <= 256 - width;
    }

    private void configRead(int offset, int width) {
        int value = function.configRead(offset, width);
        boolean passes = width > 0 && offset >= 0 && offset < 256 && model.throughWindow(offset, width);
        if (passes) {
            int windowWidth = model.windowWidth();
            model.windowData(
                    windowWidth == 0 ? 0 : expectBarRead(model.windowBar(), model.windowOffset(), windowWidth));
        }
        if (insideConfig(offset, width)) {
            int expected = (int) model.readConfig(offset, width);
            if (value != expected) {
                throw new AssertionError("configuration space 0x%x reads 0x%x, by the specification 0x%x"
                        .formatted(offset, value, expected));
            }
        }
    }

    private void configWrite(int offset, int width, int value) {
        function.configWrite(offset, width, legalThroughWindow(offset, width, value));
        if (insideConfig(offset, width)) {
            model.writeConfig(offset, width, legalThroughWindow(offset, width, value));
        }
        boolean passes = width > 0 && offset >= 0 && offset < 256 && model.throughWindow(offset, width);
        if (passes && model.windowWidth() > 0) {
            int windowWidth = model.windowWidth();
            long data = model.windowData() & (1L << 8 * windowWidth) - 1;
            expectBarWrite(model.windowBar(), model.windowOffset(), windowWidth, data);
        }
    }

    /** Through the window, too, no other ring format is chosen: bit 34 of the features is bit 2 of a data register. */
    private int legalThroughWindow(int offset, int width, int value) {
        boolean passes = width > 0 && offset >= 0 && offset < 256 && model.throughWindow(offset, width);
        return passes ? value & ~(PACKED_HALF * 0x01010101) : value;
    }

    private void barRead(int bar, long offset, int width) {
        long value = function.barRead(bar, offset, width);
        long expected = expectBarRead(bar, offset, width);
        if (value != expected) {
            throw new AssertionError("BAR %d at 0x%x reads 0x%x in %d bytes, by the specification 0x%x"
                    .formatted(bar, offset, value, width, expected));
        }
    }

    private boolean insideBar(int bar, long offset, int width) {
        return (bar == MSIX_BAR || bar == VIRTIO_BAR)
                && width(width, 8)
                && offset >= 0
                && offset <= function.bar(bar).sizeBytes() - width;
    }

    private long expectBarRead(int bar, long offset, int width) {
        if (!insideBar(bar, offset, width)) {
            return 0;
        }
        int at = (int) offset;
        if (bar == MSIX_BAR) {
            return at < PENDING ? model.readTable(at, width) : model.readPending(at - PENDING, width);
        }
        if (at == ISR) {
            return model.takeIsr();
        }
        if (at >= DEVICE && at < NOTIFY) {
            return value(width, i -> driver.device.readConfig(at - DEVICE + i));
        }
        byte[] common = model.common();
        return at < ISR ? value(width, i -> at + i < common.length ? common[at + i] & 0xff : 0) : 0;
    }

    private static long value(int width, java.util.function.IntUnaryOperator bytes) {
        long value = 0;
        for (int i = width - 1; i >= 0; i--) {
            value = value << 8 | bytes.applyAsInt(i);
        }
        return value;
    }

    private void barWrite(int bar, long offset, int width, long anything) {
        boolean features = bar == VIRTIO_BAR && offset == 0x0c && model.core.driverSelect == 1;
        long value = features ? anything & ~PACKED_HALF : anything;
        unsettled = bar == MSIX_BAR;
        function.barWrite(bar, offset, width, value);
        unsettled = false;
        expectBarWrite(bar, offset, width, value);
    }

    private void expectBarWrite(int bar, long offset, int width, long value) {
        if (!insideBar(bar, offset, width)) {
            return;
        }
        if (bar == MSIX_BAR) {
            model.writeTable((int) offset, width, value);
        } else if (offset < ISR) {
            model.writeCommon((int) offset, width, value);
        } else if (offset >= NOTIFY && offset % 4 == 0 && (width == 2 || width == 4)) {
            model.kick((int) (offset - NOTIFY) / 4);
        }
    }

    @Override
    public void close() {
        driver.close();
        lock.close();
    }
}
