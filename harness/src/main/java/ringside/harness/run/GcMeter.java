package ringside.harness.run;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;

/**
 * Garbage collections of this JVM until one moment.
 *
 * @param count collections
 * @param timeMs time in them, as the JVM counts it
 */
record GcMeter(long count, long timeMs) {
    static GcMeter now() {
        long count = 0;
        long timeMs = 0;
        for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
            count += Math.max(0, bean.getCollectionCount());
            timeMs += Math.max(0, bean.getCollectionTime());
        }
        return new GcMeter(count, timeMs);
    }

    GcMeter since(GcMeter earlier) {
        return new GcMeter(count - earlier.count, timeMs - earlier.timeMs);
    }
}
