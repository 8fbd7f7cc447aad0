package ringside.harness.ab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import ringside.harness.HarnessException;
import ringside.harness.results.AtomicFiles;

/**
 * Builds of revisions, each in a checkout of its own outside the repository, kept for the next time. The checkout borrows
 * the repository's objects, so it costs no download and little room.
 */
public final class RevisionBuilds {
    private final Path repository;
    private final Path cache;
    private final Consumer<String> notes;

    /**
     * @param repository a checkout of Ringside
     * @param cache folder of the builds
     * @param notes hears what takes long
     */
    public RevisionBuilds(Path repository, Path cache, Consumer<String> notes) {
        this.repository = repository;
        this.cache = cache;
        this.notes = notes;
    }

    /** The usual place of the builds: below the user's cache folder, as the XDG base directory specification has it. */
    public static Path defaultCache() {
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path base = xdg == null || xdg.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        return base.resolve("ringside").resolve("builds");
    }

    /**
     * The full name of a commit.
     *
     * @throws HarnessException in one line if there is no such commit, or no repository
     */
    public String commit(String revision) {
        if (!Files.exists(repository.resolve(".git"))) {
            throw HarnessException.badInput(repository + " is no git checkout, so it has no revision '" + revision
                    + "': use --base-dir and --head-dir");
        }
        if (revision.startsWith("-")) {
            throw HarnessException.badInput("revision '" + revision + "': name a commit, a branch or a tag");
        }
        Git.Output output = Git.run(repository, "rev-parse", "--verify", "--quiet", revision + "^{commit}");
        if (output.exitCode() != 0) {
            throw HarnessException.badInput(
                    repository + " has no revision '" + revision + "': name a commit, a branch or a tag");
        }
        return output.text();
    }

    /**
     * The launcher of a commit's build, built where it has not been.
     *
     * @param commit full name, from {@link #commit}
     * @throws HarnessException in one line when it does not build
     */
    public Path launcher(String commit) {
        Path checkout = cache.resolve(commit);
        if (!Files.isDirectory(checkout)) {
            checkOut(commit, checkout);
        }
        Path launcher = Launchers.in(checkout);
        build(commit, checkout, launcher);
        return launcher;
    }

    /** Whole or not at all: made beside its place and renamed. */
    private void checkOut(String commit, Path checkout) {
        Path part = checkout.resolveSibling(
                checkout.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try {
            Files.createDirectories(cache);
        } catch (IOException e) {
            throw HarnessException.environment("cannot create " + cache + ": " + AtomicFiles.reason(e), e);
        }
        Git.require(cache, "clone", "--quiet", "--shared", "--no-checkout", absolute(repository), part.toString());
        Git.require(part, "checkout", "--quiet", "--detach", commit);
        try {
            Files.move(part, checkout);
        } catch (IOException e) {
            throw HarnessException.environment("cannot rename " + part + ": " + AtomicFiles.reason(e), e);
        }
    }

    private static String absolute(Path path) {
        return path.toAbsolutePath().normalize().toString();
    }

    /** A launcher builds by itself where the build is missing or old. */
    private void build(String commit, Path checkout, Path launcher) {
        boolean isBuilt = Files.exists(checkout.resolve("scripts/target/ringside/built.properties"));
        if (!isBuilt) {
            notes.accept("building " + commit.substring(0, Math.min(commit.length(), 12)) + " in " + checkout);
        }
        Path log = cache.resolve(commit + ".log");
        List<String> command = new ArrayList<>(List.of(launcher.toString(), "--version"));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (process.waitFor() != 0) {
                throw HarnessException.environment("revision " + commit + " does not build: see " + log);
            }
            Files.deleteIfExists(log);
        } catch (IOException e) {
            throw HarnessException.environment("cannot run " + launcher + ": " + AtomicFiles.reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw HarnessException.environment("interrupted while building " + commit, e);
        }
    }

    /** The program git. */
    private static final class Git {
        private Git() {}

        record Output(int exitCode, String text) {}

        static void require(Path folder, String... arguments) {
            Output output = run(folder, arguments);
            if (output.exitCode() != 0) {
                throw HarnessException.environment(
                        "git " + arguments[0] + " failed: " + HarnessException.oneLine(output.text()));
            }
        }

        static Output run(Path folder, String... arguments) {
            List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
            command.addAll(List.of(arguments));
            try {
                Process process =
                        new ProcessBuilder(command).redirectErrorStream(true).start();
                process.getOutputStream().close();
                String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
                return new Output(process.waitFor(), text);
            } catch (IOException e) {
                throw HarnessException.environment("cannot run git: install it, or use --base-dir and --head-dir", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw HarnessException.environment("interrupted", e);
            }
        }
    }
}
