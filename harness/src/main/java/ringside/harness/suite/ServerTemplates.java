package ringside.harness.suite;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import ringside.harness.HarnessException;

/** Servers that a suite can name: the built-in table, and what the suite's {@code servers} adds or replaces. */
public final class ServerTemplates {
    private static final String RINGSIDE = "{ringside-serve} --socket {socket} --blockdev %s --queues {queues}"
            + " --queue-size {queue-size} --in-order {in-order} --iothreads {iothreads} --poll-max-ns {poll-max-ns} --poll-grow {poll-grow}"
            + " --poll-shrink {poll-shrink} --trace {trace} --stats {stats}";

    private static final String DAEMON = "qemu-storage-daemon %s--blockdev node-name=disk0,%s --export"
            + " type=vhost-user-blk,id=export0,node-name=disk0,addr.type=unix,addr.path={socket},writable={writable},"
            + "num-queues={queues}%s";

    private static final String IOTHREAD = "--object iothread,id=iothread0,poll-max-ns={poll-max-ns} ";
    private static final String IN_IOTHREAD = ",iothread=iothread0";
    private static final String NULL_CO =
            "driver=null-co,size={size},latency-ns={latency-ns},read-zeroes={read-zeroes}";

    /** The file node alone: a raw node on top would cost the peer time and add nothing here. */
    private static final String FILE = "driver=file,filename={image},aio={aio},cache.direct={direct},"
            + "cache.no-flush={no-flush},read-only={read-only},discard={discard}";

    /** QEMU hands cache.* and read-only down to the file. */
    private static final String QCOW2 = "driver=qcow2,file.driver=file,file.filename={image},file.aio={aio},"
            + "cache.direct={direct},cache.no-flush={no-flush},read-only={read-only},discard={discard}";

    private static final Map<String, String> BUILT_IN = builtIn();

    private ServerTemplates() {}

    /** The built-in command lines by name. */
    public static Map<String, String> all() {
        return new LinkedHashMap<>(BUILT_IN);
    }

    /**
     * The template of a server.
     *
     * @param own the suite's own servers
     * @throws HarnessException if there is none
     */
    public static CommandTemplate find(String name, Map<String, String> own) {
        String text = own.getOrDefault(name, BUILT_IN.get(name));
        if (text == null) {
            TreeSet<String> known = new TreeSet<>(BUILT_IN.keySet());
            known.addAll(own.keySet());
            throw HarnessException.badInput("unknown server '" + name + "': use " + String.join(", ", known)
                    + ", or add it under 'servers' of the suite");
        }
        return CommandTemplate.parse(text);
    }

    private static Map<String, String> builtIn() {
        Map<String, String> table = new LinkedHashMap<>();
        table.put(
                "ringside-null",
                RINGSIDE.formatted("driver=null,size={size},latency-ns={latency-ns},read-zeroes={read-zeroes}"));
        table.put(
                "ringside-raw",
                RINGSIDE.formatted("driver=raw,file={image},cache={cache},aio={aio},aio-fallback={aio-fallback},"
                        + "read-only={read-only},discard={discard}"));
        table.put("ringside", RINGSIDE.formatted("{blockdev}"));
        table.put("qsd-null", DAEMON.formatted(IOTHREAD, NULL_CO, IN_IOTHREAD));
        table.put("qsd-null-noiothread", DAEMON.formatted("", NULL_CO, ""));
        table.put("qsd-raw", DAEMON.formatted(IOTHREAD, FILE, IN_IOTHREAD));
        table.put("qsd-raw-noiothread", DAEMON.formatted("", FILE, ""));
        table.put("qsd-qcow2", DAEMON.formatted(IOTHREAD, QCOW2, IN_IOTHREAD));
        table.put("qsd-qcow2-noiothread", DAEMON.formatted("", QCOW2, ""));
        return table;
    }
}
