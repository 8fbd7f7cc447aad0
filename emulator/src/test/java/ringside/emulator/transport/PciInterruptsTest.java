package ringside.emulator.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import ringside.emulator.pci.InterruptSink;
import ringside.emulator.pci.MsixTable;
import ringside.emulator.pci.PciConfigSpace;
import ringside.emulator.pci.PciIdentity;

/** INT#x while device and driver meet in ISR status. */
class PciInterruptsTest {
    private static final int EVENTS = 20_000;

    /** A driver that looks only after an interrupt, as one does that halts in between, sees the last event. */
    @Test
    @Timeout(60)
    void eventBetweenReadAndDeassertion_interruptsAgain() throws InterruptedException {
        for (int round = 0; round < 20; round++) {
            PciConfigSpace config = new PciConfigSpace(new PciIdentity(0x1af4, 0x1042, 1, 0, 0, 0));
            PciInterrupts interrupts = new PciInterrupts(1, config, new MsixTable(0), new StatusRegister());
            AtomicBoolean pending = new AtomicBoolean();
            AtomicInteger event = new AtomicInteger();
            interrupts.connect(new InterruptSink() {
                @Override
                public void message(int vector, long address, int data) {
                    throw new AssertionError("there is no MSI-X");
                }

                @Override
                public void intx(boolean asserted) {
                    if (asserted) {
                        pending.set(true);
                    }
                }
            });
            Thread device = new Thread(() -> {
                for (int i = 0; i < EVENTS; i++) {
                    event.incrementAndGet();
                    interrupts.used(0);
                }
            });
            device.start();
            int seen = 0;
            while (device.isAlive() || pending.get()) {
                if (pending.compareAndSet(true, false)) {
                    interrupts.takeIsr();
                    seen = event.get();
                }
            }
            assertThat(seen).as("round %d", round).isEqualTo(EVENTS);
            assertThat(interrupts.asserted()).isFalse();
        }
    }
}
