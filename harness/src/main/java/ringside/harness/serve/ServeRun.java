package ringside.harness.serve;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.logging.Logger;
import ringside.emulator.ffi.NativeException;
import ringside.emulator.machine.Export;
import ringside.emulator.machine.ExportProtocol;
import ringside.emulator.machine.ExportSpec;
import ringside.emulator.machine.ThreadAffinity;
import ringside.harness.HarnessException;

/** Serves one export until it is told to stop. */
public final class ServeRun {
    private static final String LOG_FORMAT_PROPERTY = "java.util.logging.SimpleFormatter.format";

    /** One line per message of the server; the default of java.util.logging has two. */
    private static final String LOG_FORMAT = "%1$tF %1$tT %4$s %5$s%6$s%n";

    private ServeRun() {}

    /**
     * Opens, serves, waits, closes.
     *
     * @param console gets one line when front-ends may connect and one when all is over
     * @throws HarnessException when image, socket or options are refused
     */
    public static void run(ServeOptions options, StopSignals signals, Consumer<String> console) {
        if (System.getProperty(LOG_FORMAT_PROPERTY) == null) {
            System.setProperty(LOG_FORMAT_PROPERTY, LOG_FORMAT);
        }
        // Opens what the log needs now: a server that runs out of descriptors must be able to say so.
        Logger.getLogger("").getHandlers();
        Map<String, Object> last;
        try (Export export = open(options)) {
            System.gc(); // what the start left behind; the first collection under load would have to sort it out
            ServeStats stats = new ServeStats(options, export);
            Optional<StatsFile> file = options.stats().map(path -> new StatsFile(path, stats));
            try {
                console.accept(ready(options, export));
                signals.await();
            } finally {
                file.ifPresent(StatsFile::close);
            }
            last = stats.now();
        }
        console.accept(ServeStats.summary(last));
    }

    private static Export open(ServeOptions options) {
        try {
            Export export = Export.open(options.export());
            try {
                export.start();
                pin(options);
                return export;
            } catch (RuntimeException e) {
                export.close();
                throw e;
            }
        } catch (IllegalArgumentException e) {
            throw HarnessException.badInput(e.getMessage(), e);
        } catch (NativeException e) {
            throw HarnessException.environment(e.getMessage(), e);
        }
    }

    private static void pin(ServeOptions options) {
        List<Integer> cpus = options.cpus();
        for (int i = 0; i < loops(options.export()) && !cpus.isEmpty(); i++) {
            ThreadAffinity.pin("iothread" + i, cpus.get(i % cpus.size()));
        }
    }

    /** An IOThread without a queue is not started. */
    private static int loops(ExportSpec export) {
        return Math.min(export.iothreads(), export.queues());
    }

    private static String ready(ServeOptions options, Export export) {
        ExportSpec spec = options.export();
        return "serving " + options.describe(export.node().lengthBytes()) + " on " + spec.socket()
                + (spec.protocol() == ExportProtocol.VFIO_USER ? " (vfio-user)" : "") + ", "
                + count(spec.queues(), "queue") + " on " + count(loops(spec), "IOThread");
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
