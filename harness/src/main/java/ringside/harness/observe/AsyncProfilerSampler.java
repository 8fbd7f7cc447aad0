package ringside.harness.observe;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * async-profiler from a library of the user: kernel frames too, where the host allows it. The library is loaded as an
 * agent, by the same command as {@code jcmd PID JVMTI.agent_load}.
 */
final class AsyncProfilerSampler implements CpuSampler {
    private final Path library;

    AsyncProfilerSampler(Path library) {
        this.library = library.toAbsolutePath();
    }

    @Override
    public void begin() {
        command("start,event=cpu,threads,interval=" + INTERVAL_MS + "ms");
    }

    @Override
    public void end(Path html) {
        try {
            Files.createDirectories(html.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot write the profile " + html + ": " + e.getMessage(), e);
        }
        command("stop,flamegraph,title=CPU,file=" + html.toAbsolutePath());
        if (!Files.exists(html)) {
            throw new IllegalArgumentException(library + " left no profile: see the log of the run");
        }
    }

    private void command(String options) {
        try {
            Object answer = ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "jvmtiAgentLoad",
                            new Object[] {new String[] {library.toString(), '"' + options + '"'}},
                            new String[] {String[].class.getName()});
            if (!answer.toString().contains("return code: 0")) {
                throw new IllegalArgumentException(library + " does not work as a profiler: "
                        + answer.toString().strip());
            }
        } catch (JMException e) {
            throw new IllegalArgumentException(library + " cannot be loaded: " + e.getMessage(), e);
        }
    }
}
