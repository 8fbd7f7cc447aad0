package ringside.emulator.transport;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import ringside.emulator.device.VirtioDevice;
import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.eventloop.BigLock;
import ringside.emulator.pci.InterruptSink;
import ringside.emulator.pci.MsixTable;
import ringside.emulator.pci.PciBar;
import ringside.emulator.pci.PciConfigSpace;
import ringside.emulator.pci.PciFunction;
import ringside.emulator.pci.PciRegisters;

/**
 * A virtio device as a PCI function, modern interface only (VIRTIO-1.2 §4.1). Every access models a VM exit on the calling
 * vCPU thread and takes the big lock, except notifications under {@link KickPolicy#IOEVENTFD} and ISR status.
 *
 * <p>The device works only while the guest lets the function be a bus master. The guest's memory may be our own or a
 * window into another process's ({@link ringside.emulator.memory.GuestMemory#window}); changes of a window go through
 * {@link #whilePaused}.
 */
public final class PciTransport implements PciFunction {
    private static final long PATIENCE_NS = 50_000;

    private final VirtioDevice device;
    private final BigLock lock;
    private final PciConfigSpace config;
    private final MsixTable msix;
    private final PciInterrupts interrupts;
    private final VirtioTransport core;
    private final PciCommonConfig common;
    private final PciConfigAccess access;
    private final int msixControl;
    private final int notifyEnd;
    private boolean busMaster;

    /** @param vectors entries of the MSI-X table, 0..2048 (QEMU: vectors); 0 for a function without MSI-X */
    public PciTransport(TransportParts parts, int vectors) {
        this.device = parts.device();
        this.lock = parts.lock();
        this.config = new PciConfigSpace(PciLayout.identity(device.deviceType()));
        this.msix = new MsixTable(vectors);
        StatusRegister status = new StatusRegister();
        this.interrupts = new PciInterrupts(device.queueCount(), config, msix, status);
        this.core = new VirtioTransport(parts, status, interrupts, VirtioFeatures.VIRTIO_F_NOTIF_CONFIG_DATA);
        this.common = new PciCommonConfig(device, core, interrupts);
        this.notifyEnd = PciLayout.NOTIFY + PciLayout.notifyBytes(device.queueCount());
        config.addBar(PciLayout.VIRTIO_BAR, PciLayout.virtioBar(device.queueCount()));
        this.access = new PciConfigAccess(config, PciLayout.addCapabilities(config, device.queueCount()));
        this.msixControl = vectors == 0 ? 0 : addMsix();
        core.queues().hold();
    }

    private int addMsix() {
        config.addBar(PciLayout.MSIX_BAR, PciLayout.msixBar(msix));
        int capability = msix.addCapability(config, PciLayout.MSIX_BAR, PciLayout.pendingOffset(msix));
        return capability + PciRegisters.MSIX_CONTROL;
    }

    /** Why the device last asked for a reset; empty when it never did. For diagnostics, not visible to a guest. */
    public String lastFault() {
        return core.lastFault();
    }

    @Override
    public PciBar bar(int index) {
        return config.bar(index);
    }

    @Override
    public int vectors() {
        return msix.vectors();
    }

    @Override
    public void connect(InterruptSink sink) {
        lock.lock();
        try {
            msix.connect(sink);
            interrupts.connect(sink);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean intxAsserted() {
        return interrupts.asserted();
    }

    @Override
    public int configRead(int offset, int widthBytes) {
        if (access.touchesData(offset, widthBytes)) {
            PciConfigAccess.Window window = locked(access::window);
            long value = window.legal() ? barRead(window.bar(), window.offset(), window.bytes()) : 0;
            lock.lock();
            access.data((int) value);
            lock.unlock();
        }
        lock.lock();
        try {
            return config.read(offset, widthBytes);
        } finally {
            lock.unlock();
        }
    }

    private <T> T locked(Supplier<T> read) {
        lock.lock();
        try {
            return read.get();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void configWrite(int offset, int widthBytes, int value) {
        lock.lock();
        try {
            if (config.write(offset, widthBytes, value)) {
                configWritten(offset, widthBytes);
            }
        } finally {
            lock.unlock();
        }
        if (access.touchesData(offset, widthBytes)) {
            PciConfigAccess.Window window = locked(access::window);
            if (window.legal()) {
                barWrite(window.bar(), window.offset(), window.bytes(), window.value());
            }
        }
    }

    private void configWritten(int offset, int widthBytes) {
        boolean command = PciConfigSpace.touches(offset, widthBytes, PciRegisters.COMMAND, 2);
        boolean control = msixControl != 0 && PciConfigSpace.touches(offset, widthBytes, msixControl, 2);
        if (command || control) {
            applyControl();
        }
    }

    private void applyControl() {
        boolean master = config.commands(PciRegisters.COMMAND_BUS_MASTER);
        msix.control(msixControl == 0 ? 0 : config.get(msixControl, 2), master);
        interrupts.control(config.commands(PciRegisters.COMMAND_INTX_DISABLE));
        if (master != busMaster) {
            busMaster = master;
            if (master) {
                core.queues().release();
            } else {
                core.queues().hold();
            }
        }
    }

    @Override
    public long barRead(int bar, long offset, int widthBytes) {
        if (outside(bar, offset, widthBytes)) {
            return 0;
        }
        if (bar == PciLayout.VIRTIO_BAR && offset == PciLayout.ISR) {
            return interrupts.takeIsr();
        }
        lock.lock();
        try {
            return bar == PciLayout.MSIX_BAR ? readMsix(offset, widthBytes) : readVirtio(offset, widthBytes);
        } finally {
            lock.unlock();
        }
    }

    private boolean outside(int bar, long offset, int widthBytes) {
        boolean width = widthBytes == 1 || widthBytes == 2 || widthBytes == 4 || widthBytes == 8;
        boolean exists = bar >= 0 && bar < BARS && config.bar(bar).present();
        return !width || !exists || offset < 0 || offset > config.bar(bar).sizeBytes() - widthBytes;
    }

    private long readMsix(long offset, int widthBytes) {
        int pending = PciLayout.pendingOffset(msix);
        return offset < pending ? msix.readTable(offset, widthBytes) : msix.readPending(offset - pending, widthBytes);
    }

    private long readVirtio(long offset, int widthBytes) {
        if (offset < PciLayout.ISR) {
            return common.read(offset, widthBytes);
        }
        if (offset >= PciLayout.DEVICE && offset < PciLayout.NOTIFY) {
            return readDevice((int) offset - PciLayout.DEVICE, widthBytes);
        }
        return 0;
    }

    private long readDevice(int offset, int widthBytes) {
        common.deviceConfigRead();
        long value = 0;
        for (int i = 0; i < widthBytes; i++) {
            value |= (long) device.readConfig(offset + i) << 8 * i;
        }
        return value;
    }

    @Override
    public void barWrite(int bar, long offset, int widthBytes, long value) {
        if (bar == PciLayout.VIRTIO_BAR && offset >= PciLayout.NOTIFY) {
            kick(offset, widthBytes);
            return;
        }
        if (outside(bar, offset, widthBytes)) {
            return;
        }
        lock.lock();
        try {
            if (bar == PciLayout.MSIX_BAR) {
                msix.writeTable(offset, widthBytes, value);
            } else if (offset < PciLayout.ISR) {
                common.write(offset, widthBytes, value);
            } else if (offset >= PciLayout.DEVICE) {
                device.writeConfig((int) offset - PciLayout.DEVICE, widthBytes, value);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The hot path. The address names the queue; what is written is a hint that this device does not need. */
    private void kick(long offset, int widthBytes) {
        boolean aligned = offset % PciLayout.NOTIFY_OFF_MULTIPLIER == 0;
        if (aligned && offset < notifyEnd && (widthBytes == 2 || widthBytes == 4)) {
            core.kick((int) (offset - PciLayout.NOTIFY) / PciLayout.NOTIFY_OFF_MULTIPLIER);
        }
    }

    @Override
    public void reset() {
        lock.lock();
        try {
            core.writeStatus(0);
            awaitIdle();
            config.reset();
            msix.reset();
            applyControl();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void whilePaused(Runnable change) {
        lock.lock();
        try {
            try {
                core.queues().hold();
                awaitIdle();
                change.run();
            } finally {
                resume();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The function goes on whatever happens: a ring may be in memory that another process has just taken away. */
    private void resume() {
        try {
            core.queues().translate();
        } finally {
            core.queues().release();
        }
    }

    /** Another vCPU may be waiting for requests in flight, with the lock given up. */
    private void awaitIdle() {
        while (!core.queues().idle()) {
            lock.unlock();
            try {
                LockSupport.parkNanos(PATIENCE_NS);
            } finally {
                lock.lock();
            }
            core.queues().update();
        }
    }
}
