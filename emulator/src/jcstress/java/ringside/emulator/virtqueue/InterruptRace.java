package ringside.emulator.virtqueue;

import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The device publishes while the driver arms its interrupt and goes to sleep. */
abstract class InterruptRace {
    private final StressRing ring;

    /** Two requests are with the device and one has come back, so that the driver's event lies behind. */
    InterruptRace(RingFeatures features) {
        ring = new StressRing(features);
        ring.publish(1);
        ring.publish(1);
        ring.take();
        ring.take();
        ring.use(0, 1);
        ring.device.needsNotification();
        ring.driver.pollUsed();
        ring.driver.disableInterrupts();
    }

    final void devicePublishes(ZZ_Result r) {
        ring.use(1, 1);
        r.r1 = ring.device.needsNotification();
    }

    final void driverArms(ZZ_Result r) {
        r.r2 = ring.driver.enableInterrupts();
    }
}
