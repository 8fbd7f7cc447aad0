package ringside.harness.observe;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * Which Ringside this is.
 *
 * @param version version of the build
 * @param gitRevision commit of the checkout, with {@code -dirty} where files were changed, or {@code unknown} outside one
 */
public record BuildFacts(String version, String gitRevision) {
    private static final long GIT_TIMEOUT_S = 5;

    /** Asks the build's properties and, in a checkout, git. Starts two short processes there. */
    public static BuildFacts collect() {
        return new BuildFacts(ownVersion(), revision());
    }

    /** Version of the build. */
    public static String ownVersion() {
        Properties properties = new Properties();
        try (InputStream stream = BuildFacts.class.getResourceAsStream("/ringside/build.properties")) {
            properties.load(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }

    private static String revision() {
        Path home = Path.of(System.getProperty("ringside.home", "."));
        if (!Files.exists(home.resolve(".git"))) {
            return "unknown";
        }
        return git(home, "rev-parse", "HEAD")
                .map(commit -> commit
                        + (git(home, "status", "--porcelain", "--untracked-files=no")
                                        .filter(String::isEmpty)
                                        .isPresent()
                                ? ""
                                : "-dirty"))
                .orElse("unknown");
    }

    private static Optional<String> git(Path home, String... arguments) {
        ProcessBuilder builder = new ProcessBuilder("git", "-C", home.toString());
        builder.command().addAll(java.util.List.of(arguments));
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            boolean ended = process.waitFor(GIT_TIMEOUT_S, TimeUnit.SECONDS);
            return ended && process.exitValue() == 0 ? Optional.of(output) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // git is not installed
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
