package ringside.emulator.virtqueue;

import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The driver publishes while the device arms its notification and goes to sleep. */
abstract class KickRace {
    private final StressRing ring;

    /** One request has gone through, so that the device's event lies behind. */
    KickRace(RingFeatures features) {
        ring = new StressRing(features);
        ring.publish(1);
        ring.driver.needsKick();
        ring.take();
        ring.device.disableNotification();
    }

    final void driverPublishes(ZZ_Result r) {
        ring.publish(1);
        r.r1 = ring.driver.needsKick();
    }

    final void deviceArms(ZZ_Result r) {
        r.r2 = ring.device.enableNotification();
    }
}
