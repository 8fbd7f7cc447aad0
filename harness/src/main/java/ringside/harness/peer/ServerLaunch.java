package ringside.harness.peer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ringside.harness.serve.ServerJvm;
import ringside.harness.suite.CommandTemplate;

/**
 * How a server is to be started.
 *
 * @param name of the template
 * @param template the command line
 * @param values of its placeholders, without those that are made at the start: {@code socket} and {@code stats}
 * @param cpus where the server may run, as taskset reads it; {@code any} for everywhere
 * @param log where its output goes
 */
public record ServerLaunch(String name, CommandTemplate template, Map<String, String> values, String cpus, Path log) {
    /** The value of {@code cpus} for no placement. */
    public static final String ANY_CPU = "any";

    public ServerLaunch {
        values = Map.copyOf(values);
    }

    /** The command with everything filled in. */
    List<String> command(Path socket, Path stats) {
        Map<String, String> all = new HashMap<>(values);
        all.put("socket", socket.toString());
        all.put("stats", stats.toString());
        List<String> command = new ArrayList<>();
        if (!cpus.equals(ANY_CPU)) {
            command.addAll(List.of("taskset", "-c", cpus));
        }
        command.addAll(template.expand(all, ServerJvm.command(List.of())));
        return List.copyOf(command);
    }

    /** Version of the program, empty for our own and where it does not say. */
    String version() {
        return template.program().equals("qemu-storage-daemon") ? Programs.version(template.program()) : "";
    }
}
