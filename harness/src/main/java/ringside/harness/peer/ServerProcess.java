package ringside.harness.peer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import ringside.harness.HarnessException;

/** A vhost-user server that was started from a template, from its socket to its end. One thread. */
public final class ServerProcess implements AutoCloseable {
    private static final long START_LIMIT_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(2);

    private final ServerLaunch launch;
    private final List<String> command;
    private final String version;
    private final ChildProcess child;
    private final Path socket;
    private final Path stats;

    private ServerProcess(
            ServerLaunch launch, List<String> command, String version, ChildProcess child, Path socket, Path stats) {
        this.launch = launch;
        this.command = command;
        this.version = version;
        this.child = child;
        this.socket = socket;
        this.stats = stats;
    }

    /**
     * Starts a server and waits for its socket.
     *
     * @throws HarnessException when it ends or does not listen in time, with the end of its log
     */
    public static ServerProcess start(ServerLaunch launch) {
        return start(launch, START_LIMIT_NS);
    }

    static ServerProcess start(ServerLaunch launch, long limitNs) {
        String version = launch.version();
        Path folder = ChildProcess.makeFolder();
        Path socket = folder.resolve("s.sock");
        Path stats = folder.resolve("stats.json");
        List<String> command = launch.command(socket, stats);
        ChildProcess child = ChildProcess.start(command, folder, launch.log());
        ServerProcess server = new ServerProcess(launch, command, version, child, socket, stats);
        try {
            server.awaitSocket(limitNs);
            return server;
        } catch (HarnessException e) {
            server.close();
            throw e;
        }
    }

    private void awaitSocket(long limitNs) {
        long beginNs = System.nanoTime();
        while (!Files.exists(socket)) {
            if (!child.isAlive()) {
                throw HarnessException.environment("server " + launch.name() + " ended with exit code "
                        + child.exitCode() + " before it listened" + child.tail());
            }
            if (System.nanoTime() - beginNs > limitNs) {
                throw HarnessException.environment("server " + launch.name() + " did not listen on " + socket
                        + " within " + limitNs / 1_000_000 + " ms" + child.tail());
            }
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    /** Where it listens. */
    public Path socket() {
        return socket;
    }

    /** The command line that was run, with everything filled in. */
    public List<String> command() {
        return command;
    }

    /** What the program says about its version; empty where it says nothing. */
    public String version() {
        return version;
    }

    /** What it has used until now. */
    public ProcessMeter meter() {
        return ProcessMeter.of(child.pid());
    }

    long pid() {
        return child.pid();
    }

    /** Whether it still runs. */
    public boolean isAlive() {
        return child.isAlive();
    }

    /** The end of its log, for the reason of a failure. */
    public String logTail() {
        return child.tail();
    }

    /** Stops it and returns what it wrote about itself at the end; empty where the template asks for no statistics. */
    public ServerStats stop() {
        child.stop();
        return ServerStats.read(stats);
    }

    @Override
    public void close() {
        child.close();
    }
}
