package ringside.harness.run;

import java.lang.management.CompilationMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;

/**
 * Garbage collections and compilation of this JVM until one moment.
 *
 * @param count collections
 * @param timeMs time in them, as the JVM counts it
 * @param jitMs time in which code was compiled, likewise; 0 where it is not counted
 */
record GcMeter(long count, long timeMs, long jitMs) {
    static GcMeter now() {
        long count = 0;
        long timeMs = 0;
        for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
            count += Math.max(0, bean.getCollectionCount());
            timeMs += Math.max(0, bean.getCollectionTime());
        }
        return new GcMeter(count, timeMs, compilationMs());
    }

    GcMeter since(GcMeter earlier) {
        return new GcMeter(count - earlier.count, timeMs - earlier.timeMs, jitMs - earlier.jitMs);
    }

    private static long compilationMs() {
        CompilationMXBean bean = ManagementFactory.getCompilationMXBean();
        return bean != null && bean.isCompilationTimeMonitoringSupported() ? bean.getTotalCompilationTime() : 0;
    }
}
