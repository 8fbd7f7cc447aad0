package ringside.harness.serve;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;

/**
 * SIGTERM and SIGINT as a request to stop that ends in exit code 0, as service managers expect; a shutdown hook would end
 * in 143. The second signal ends the process at once. The JDK has this in {@code sun.misc} of the exported module
 * jdk.unsupported only, and javac warns of each mention of it, hence by reflection.
 */
public final class StopSignals {
    private static final int EXIT_BY_SIGNAL = 128;

    private final CountDownLatch stop = new CountDownLatch(1);

    private StopSignals() {}

    /** Takes over both signals; where the JVM keeps them for itself (-Xrs) they go on ending the process. */
    public static StopSignals install() {
        StopSignals signals = new StopSignals();
        signals.handle("TERM", 15);
        signals.handle("INT", 2);
        return signals;
    }

    private void handle(String name, int number) {
        InvocationHandler onSignal = (proxy, method, arguments) -> switch (method.getName()) {
            case "handle" -> {
                if (stop.getCount() == 0) {
                    Runtime.getRuntime().halt(EXIT_BY_SIGNAL + number);
                }
                stop.countDown();
                yield null;
            }
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> method.getName();
        };
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object own = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, onSignal);
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), own);
        } catch (InvocationTargetException e) {
            log(name, e.getCause());
        } catch (ReflectiveOperationException e) {
            log(name, e);
        }
    }

    private static void log(String name, Throwable cause) {
        System.getLogger(StopSignals.class.getName())
                .log(System.Logger.Level.DEBUG, () -> "SIG" + name + " is not handled: " + cause.getMessage());
    }

    /** Waits for the first of the signals, or for {@link #stop()}. */
    public void await() {
        try {
            stop.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Acts like a signal. */
    void stop() {
        stop.countDown();
    }
}
