package ringside.harness.peer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import ringside.harness.HarnessException;

/** Foreign programs on this host: whether they are there, and which version. */
public final class Programs {
    private static final long LIMIT_S = 10;

    /** Where a program comes from, for messages: package of Debian by program. */
    private static final Map<String, String> PACKAGES = Map.of(
            "qemu-storage-daemon", "qemu-system-common, or qemu-utils on Debian 12",
            "fio", "fio",
            "taskset", "util-linux");

    private Programs() {}

    /** Whether a program can be started: by path, or by name from {@code PATH}. */
    public static boolean present(String program) {
        if (program.contains("/")) {
            return Files.isExecutable(Path.of(program));
        }
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
            if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }

    /** What to say about a program that is missing. */
    public static String missing(String program) {
        String packages = PACKAGES.get(program);
        return program + " is not installed" + (packages == null ? "" : " (Debian package: " + packages + ")");
    }

    /** First line of {@code PROGRAM --version}; empty where the program does not say in time. */
    public static String version(String program) {
        try {
            Process process = new ProcessBuilder(program, "--version")
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .start();
            try (InputStream out = process.getInputStream()) {
                if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    return "";
                }
                String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
                return process.exitValue() == 0
                        ? text.lines().findFirst().orElse("").strip()
                        : "";
            }
        } catch (IOException e) {
            throw HarnessException.environment(missing(program), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
