package ringside.harness.observe;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;
import ringside.harness.results.RunEvent;

/** Which events of the JVM explain a run's figures, and how they read on its time line. */
final class JfrEvents {
    static final String COLLECTION = "jdk.GarbageCollection";
    static final String OPERATION = "jdk.ExecuteVMOperation";
    static final String SAFEPOINT = "jdk.SafepointBegin";
    static final String PARK = "jdk.ThreadPark";
    static final String COMPILATION = "jdk.Compilation";
    static final String DEOPTIMIZATION = "jdk.Deoptimization";

    /** The emulator's own: a long wait for one of its locks. */
    static final String LOCK_WAIT = "ringside.LockWait";

    /** Loops and load threads wait in the kernel; one that parks for longer waits for another thread. */
    static final Duration LONG_PARK = Duration.ofMillis(10);

    static final Duration LONG_COMPILATION = Duration.ofMillis(5);

    /** The longest ones of each kind are kept. */
    private static final int MOST_PER_KIND = 200;

    private final Instant begin;
    private final Instant end;
    private final Map<Long, Instant> stops = new HashMap<>();
    private final List<RunEvent> found = new ArrayList<>();

    private JfrEvents(Instant begin, Instant end) {
        this.begin = begin;
        this.end = end;
    }

    /** The events of a recording that lie in a phase, with times from its begin. */
    static List<RunEvent> read(Path file, Instant begin, Instant end) throws IOException {
        JfrEvents events = new JfrEvents(begin, end);
        List<RecordedEvent> recorded = new ArrayList<>(RecordingFile.readAllEvents(file));
        recorded.sort(Comparator.comparing(RecordedEvent::getStartTime));
        recorded.forEach(events::add);
        return events.found;
    }

    private void add(RecordedEvent event) {
        switch (event.getEventType().getName()) {
            case COLLECTION -> add("gc", event, event.getString("name") + ", " + event.getString("cause"));
            case SAFEPOINT -> stops.put(event.getLong("safepointId"), event.getStartTime());
            case OPERATION -> safepoint(event);
            case PARK -> park(event);
            case COMPILATION -> add("compilation", event, method(event) + ", level " + event.getInt("compileLevel"));
            case DEOPTIMIZATION -> add("deoptimization", event, method(event) + ", " + event.getString("reason"));
            case LOCK_WAIT -> lockWait(event);
            default -> {}
        }
    }

    /** Threads stand still from the request on, not only while the operation is done. */
    private void safepoint(RecordedEvent event) {
        if (event.getBoolean("safepoint")) {
            Instant start = stops.getOrDefault(event.getLong("safepointId"), event.getStartTime());
            add("safepoint", start, event.getEndTime(), event.getString("operation"));
        }
    }

    private void park(RecordedEvent event) {
        String thread = thread(event);
        boolean own = thread.equals("main") || thread.equals(HostSampler.THREAD) || thread.startsWith("JFR ");
        if (!own && event.getClass("parkedClass") != null) {
            add("park", event, thread + " on " + event.getClass("parkedClass").getName());
        }
    }

    /** Written when the wait was over, with its length. */
    private void lockWait(RecordedEvent event) {
        Instant over = event.getStartTime();
        Instant from = over.minusNanos(event.getLong("waitedNs"));
        add("lock_wait", from, over, thread(event) + " for the " + event.getString("lock"));
    }

    private static String method(RecordedEvent event) {
        return Optional.ofNullable(event.<jdk.jfr.consumer.RecordedMethod>getValue("method"))
                .map(method -> method.getType().getName() + "." + method.getName())
                .orElse("unknown");
    }

    private static String thread(RecordedEvent event) {
        RecordedThread thread = event.getThread();
        return thread == null || thread.getJavaName() == null ? "unknown" : thread.getJavaName();
    }

    private void add(String kind, RecordedEvent event, String detail) {
        add(kind, event.getStartTime(), event.getEndTime(), detail);
    }

    private void add(String kind, Instant from, Instant to, String detail) {
        if (to.isAfter(begin) && from.isBefore(end)) {
            found.add(new RunEvent(
                    kind,
                    Duration.between(begin, from).toNanos(),
                    Duration.between(from, to).toNanos(),
                    detail));
        }
    }

    /** The longest ones of each kind, in order of time: what a result keeps. */
    static List<RunEvent> longest(List<RunEvent> events) {
        return events.stream().collect(Collectors.groupingBy(RunEvent::kind)).values().stream()
                .flatMap(kind -> kind.stream()
                        .sorted(Comparator.comparingLong(RunEvent::durationNs).reversed())
                        .limit(MOST_PER_KIND))
                .sorted(Comparator.comparingLong(RunEvent::atNs))
                .toList();
    }
}
