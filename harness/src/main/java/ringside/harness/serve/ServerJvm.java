package ringside.harness.serve;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ringside.emulator.block.coroutine.VirtualThreads;

/** The command line of a server in a JVM of its own. */
public final class ServerJvm {
    /**
     * Flags of a server, the same as in scripts/ringside. The serial collector has no threads that would take a core from
     * the loops and needs no barriers beyond a card mark; the request path does not allocate, so it has little to do.
     * The first flag lets virtual threads run on a loop (docs/continuations.md).
     */
    static final List<String> FLAGS = List.of(
            VirtualThreads.FLAG,
            "-Xshare:auto",
            "-XX:+UseSerialGC",
            "-Xms64m",
            "-Xmn40m",
            "-Xmx256m",
            "-XX:+AlwaysPreTouch",
            "-XX:-UsePerfData");

    private ServerJvm() {}

    /** The command that runs {@code ringside serve} with these arguments on the class path of this JVM. */
    public static List<String> command(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "ringside.harness.cli.Main", "serve"));
        command.addAll(arguments);
        return command;
    }
}
