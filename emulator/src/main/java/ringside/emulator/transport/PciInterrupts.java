package ringside.emulator.transport;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import ringside.emulator.pci.InterruptSink;
import ringside.emulator.pci.MsixTable;
import ringside.emulator.pci.PciConfigSpace;

/**
 * Interrupts of a virtio-pci function: by MSI-X where the driver enabled it, otherwise by ISR status and INT#x (VIRTIO-1.2
 * §4.1.5.3 and §4.1.5.4). A message takes no lock, as irqfd takes none (docs/adr/0007); the level of the one line is
 * changed under a monitor, because levels have to arrive in order.
 */
final class PciInterrupts implements TransportInterrupts {
    private final PciConfigSpace config;
    private final MsixTable msix;
    private final StatusRegister status;
    private final AtomicIntegerArray queueVectors;
    private volatile int configVector = PciCapability.NO_VECTOR;

    private final AtomicInteger isr = new AtomicInteger();
    private InterruptSink sink = InterruptSink.none();
    private volatile boolean lineDisabled;
    private boolean asserted;

    PciInterrupts(int queues, PciConfigSpace config, MsixTable msix, StatusRegister status) {
        this.config = config;
        this.msix = msix;
        this.status = status;
        this.queueVectors = new AtomicIntegerArray(queues);
        reset();
    }

    synchronized void connect(InterruptSink to) {
        sink = to;
        if (asserted) {
            to.intx(true);
        }
    }

    @Override
    public void used(int queue) {
        if (msix.enabled()) {
            fire(queueVectors.get(queue));
        } else if (raise(PciCapability.ISR_QUEUE)) {
            updateLine();
        }
    }

    @Override
    public void needsReset(String reason) {
        if (status.needsReset(reason)) {
            configChanged();
        }
    }

    /** The JVM's word for a fault in mapped memory is InternalError. */
    @Override
    public void failed(String queue, Throwable cause) {
        if (cause instanceof InternalError) {
            connected().memoryGone();
        }
        needsReset(queue + ": " + cause);
    }

    private synchronized InterruptSink connected() {
        return sink;
    }

    /** The bit comes before the notification, with MSI-X too (§4.1.4.5.1). */
    @Override
    public void configChanged() {
        boolean first = raise(PciCapability.ISR_CONFIG);
        if (msix.enabled()) {
            fire(configVector);
        } else if (first) {
            updateLine();
        }
    }

    private boolean raise(int bit) {
        return (isr.getAndAccumulate(bit, (a, b) -> a | b) & bit) == 0;
    }

    private void fire(int vector) {
        if (vector != PciCapability.NO_VECTOR) {
            msix.fire(vector);
        }
    }

    /**
     * A driver's read of ISR status: takes the bits and deasserts the line. Any thread. What happens right after the bits
     * were taken asserts the line anew: whoever listens to edges would otherwise never hear of it.
     */
    synchronized int takeIsr() {
        int taken = isr.getAndSet(0);
        if (asserted) {
            asserted = false;
            sink.intx(false);
        }
        updateLine();
        return taken;
    }

    /** MSI-X or the command register has changed. */
    void control(boolean intxDisable) {
        lineDisabled = intxDisable;
        updateLine();
    }

    private synchronized void updateLine() {
        boolean pending = isr.get() != 0 && !msix.enabled();
        config.interruptStatus(pending);
        boolean level = pending && !lineDisabled;
        if (level != asserted) {
            asserted = level;
            sink.intx(level);
        }
    }

    synchronized boolean asserted() {
        return asserted;
    }

    int configVector() {
        return configVector;
    }

    void configVector(int vector) {
        configVector = valid(vector);
    }

    int queueVector(int queue) {
        return queueVectors.get(queue);
    }

    void queueVector(int queue, int vector) {
        queueVectors.set(queue, valid(vector));
    }

    /** A vector beyond the table cannot be mapped, and reading it back says so (§4.1.5.1.2.1). */
    private int valid(int vector) {
        return vector >= 0 && vector < msix.vectors() ? vector : PciCapability.NO_VECTOR;
    }

    @Override
    public void reset() {
        isr.set(0);
        configVector = PciCapability.NO_VECTOR;
        for (int queue = 0; queue < queueVectors.length(); queue++) {
            resetQueue(queue);
        }
        updateLine();
    }

    @Override
    public void resetQueue(int queue) {
        queueVectors.set(queue, PciCapability.NO_VECTOR);
    }
}
