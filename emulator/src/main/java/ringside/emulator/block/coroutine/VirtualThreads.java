package ringside.emulator.block.coroutine;

import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Makes virtual threads with a scheduler of one's own. JDK 25 has no public way to name one: its builder has a constructor for
 * it that the JDK's own tests use, which is reached by reflection where the command line opens the package.
 */
public final class VirtualThreads {
    /** What opens the way. */
    public static final String FLAG = "--add-opens=java.base/java.lang=ALL-UNNAMED";

    private static final Optional<Constructor<?>> BUILDER = find();

    private VirtualThreads() {}

    /** Whether a virtual thread can be given a scheduler in this JVM. */
    public static boolean schedulable() {
        return BUILDER.isPresent();
    }

    private static Optional<Constructor<?>> find() {
        try {
            Constructor<?> builder = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                    .getDeclaredConstructor(Executor.class);
            builder.setAccessible(true);
            return Optional.of(builder);
        } catch (ReflectiveOperationException | InaccessibleObjectException e) {
            return Optional.empty();
        }
    }

    /** A builder whose threads run where the scheduler runs them. */
    static Thread.Builder.OfVirtual on(Executor scheduler) {
        try {
            return (Thread.Builder.OfVirtual) BUILDER.orElseThrow().newInstance(scheduler);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("virtual threads take no scheduler: start the JVM with " + FLAG, e);
        }
    }
}
