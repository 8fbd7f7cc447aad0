package ringside.harness.serve;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/**
 * What garbage collection stopped this process for. Cycles of concurrent collectors, during which threads run, do not
 * count; their pauses do. Counts from when the object was made. The JVM reports whole milliseconds. Any thread.
 */
final class PauseMeter {
    private final List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans().stream()
            .filter(bean -> !bean.getName().endsWith("Cycles"))
            .toList();
    private final AtomicLong longestMs = new AtomicLong();
    private final long collectionsBefore;
    private final long totalMsBefore;

    PauseMeter() {
        collectionsBefore = sum(GarbageCollectorMXBean::getCollectionCount);
        totalMsBefore = sum(GarbageCollectorMXBean::getCollectionTime);
        for (GarbageCollectorMXBean bean : collectors) {
            ((NotificationEmitter) bean)
                    .addNotificationListener((notification, _) -> note(notification.getUserData()), null, null);
        }
    }

    private void note(Object data) {
        if (data instanceof CompositeData composite) {
            long ms = GarbageCollectionNotificationInfo.from(composite)
                    .getGcInfo()
                    .getDuration();
            longestMs.accumulateAndGet(ms, Math::max);
        }
    }

    long collections() {
        return sum(GarbageCollectorMXBean::getCollectionCount) - collectionsBefore;
    }

    long totalMs() {
        return sum(GarbageCollectorMXBean::getCollectionTime) - totalMsBefore;
    }

    private long sum(ToLongFunction<GarbageCollectorMXBean> value) {
        return collectors.stream().mapToLong(value).sum();
    }

    /** The longest pause. */
    long longestMs() {
        return longestMs.get();
    }

    String names() {
        return String.join(
                ", ", collectors.stream().map(GarbageCollectorMXBean::getName).toList());
    }
}
