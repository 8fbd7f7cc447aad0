package ringside.emulator.virtqueue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * One side publishes while the other arms its notification and goes to sleep. Either the publisher notifies, or the
 * sleeper sees the work (Dekker); both may happen, neither must not. The result is (publisher notifies, sleeper sees).
 */
public class NotificationRaceStress {
    private abstract static class Kick {
        final StressRing ring;

        /** One request has gone through, so that the device's event index lies behind. */
        Kick(boolean eventIdx) {
            ring = new StressRing(eventIdx);
            ring.publish(1);
            ring.driver.needsKick();
            ring.take();
            ring.device.disableNotification();
        }

        void driverPublishes(ZZ_Result r) {
            ring.publish(1);
            r.r1 = ring.driver.needsKick();
        }

        void deviceArms(ZZ_Result r) {
            r.r2 = ring.device.enableNotification();
        }
    }

    private abstract static class Interrupt {
        final StressRing ring;

        /** Two requests are with the device and one has come back, so that used_event lies behind. */
        Interrupt(boolean eventIdx) {
            ring = new StressRing(eventIdx);
            ring.publish(1);
            ring.publish(1);
            ring.take();
            ring.take();
            ring.use(0, 1);
            ring.device.needsNotification();
            ring.driver.pollUsed();
            ring.driver.disableInterrupts();
        }

        void devicePublishes(ZZ_Result r) {
            ring.use(1, 1);
            r.r1 = ring.device.needsNotification();
        }

        void driverArms(ZZ_Result r) {
            r.r2 = ring.driver.enableInterrupts();
        }
    }

    /** VIRTIO-1.2 §2.7.13.4.1 and §2.7.10, with EVENT_IDX. */
    @JCStressTest
    @Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "the driver kicks")
    @Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "the device sees the buffer")
    @Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "both")
    @Outcome(id = "false, false", expect = Expect.FORBIDDEN, desc = "the request is lost")
    @State
    public static class KickWithEventIdx extends Kick {
        public KickWithEventIdx() {
            super(true);
        }

        @Actor
        public void driver(ZZ_Result r) {
            driverPublishes(r);
        }

        @Actor
        public void device(ZZ_Result r) {
            deviceArms(r);
        }
    }

    /** The same with VIRTQ_USED_F_NO_NOTIFY. */
    @JCStressTest
    @Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "the driver kicks")
    @Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "the device sees the buffer")
    @Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "both")
    @Outcome(id = "false, false", expect = Expect.FORBIDDEN, desc = "the request is lost")
    @State
    public static class KickWithFlags extends Kick {
        public KickWithFlags() {
            super(false);
        }

        @Actor
        public void driver(ZZ_Result r) {
            driverPublishes(r);
        }

        @Actor
        public void device(ZZ_Result r) {
            deviceArms(r);
        }
    }

    /** VIRTIO-1.2 §2.7.7 and §2.7.14, with EVENT_IDX. */
    @JCStressTest
    @Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "the device notifies")
    @Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "the driver sees the completion")
    @Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "both")
    @Outcome(id = "false, false", expect = Expect.FORBIDDEN, desc = "the completion is lost")
    @State
    public static class InterruptWithEventIdx extends Interrupt {
        public InterruptWithEventIdx() {
            super(true);
        }

        @Actor
        public void device(ZZ_Result r) {
            devicePublishes(r);
        }

        @Actor
        public void driver(ZZ_Result r) {
            driverArms(r);
        }
    }

    /** The same with VIRTQ_AVAIL_F_NO_INTERRUPT. */
    @JCStressTest
    @Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "the device notifies")
    @Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "the driver sees the completion")
    @Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "both")
    @Outcome(id = "false, false", expect = Expect.FORBIDDEN, desc = "the completion is lost")
    @State
    public static class InterruptWithFlags extends Interrupt {
        public InterruptWithFlags() {
            super(false);
        }

        @Actor
        public void device(ZZ_Result r) {
            devicePublishes(r);
        }

        @Actor
        public void driver(ZZ_Result r) {
            driverArms(r);
        }
    }
}
