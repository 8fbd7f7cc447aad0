package ringside.reports.print;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import ringside.harness.HarnessException;
import ringside.harness.results.AtomicFiles;

/**
 * A headless Chromium with a profile of its own, steered through its DevTools. Closing ends the process and removes the
 * profile. For one thread.
 */
public final class Chromium implements AutoCloseable {
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome");
    private static final long START_NS = 30_000_000_000L;
    private static final long POLL_MS = 20;
    private static final long END_S = 5;

    private final Process process;
    private final Path profile;
    private final DevTools tools;

    private Chromium(Process process, Path profile, DevTools tools) {
        this.process = process;
        this.profile = profile;
        this.tools = tools;
    }

    /** The first Chromium or Chrome on the PATH. */
    public static Optional<Path> find() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return NAMES.stream()
                .flatMap(name -> Stream.of(path.split(File.pathSeparator)).map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Starts one.
     *
     * @throws HarnessException in one line where there is none, or it does not start
     */
    public static Chromium start() {
        Path program = find().orElseThrow(() -> HarnessException.environment("no " + String.join(", ", NAMES)
                + " on the PATH: install Chromium, or make --format html and print it" + " from a browser"));
        try {
            Path profile = Files.createTempDirectory("ringside-chromium");
            Path log = profile.resolve("log.txt");
            Process process = new ProcessBuilder(command(program, profile))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(log.toFile())
                    .start();
            try {
                return new Chromium(process, profile, DevTools.connect(address(process, profile, log)));
            } catch (RuntimeException e) {
                end(process, profile);
                throw e;
            }
        } catch (IOException e) {
            throw HarnessException.environment("cannot start " + program + ": " + AtomicFiles.reason(e), e);
        }
    }

    private static List<String> command(Path program, Path profile) {
        List<String> command = new ArrayList<>(List.of(program.toString(), "--headless", "--remote-debugging-port=0"));
        command.addAll(List.of("--user-data-dir=" + profile, "--no-first-run", "--disable-gpu", "--mute-audio"));
        command.addAll(List.of("--disable-background-networking", "--disable-component-update", "--disable-sync"));
        command.addAll(List.of("--disable-extensions", "--disable-dev-shm-usage", "--hide-scrollbars"));
        if ("root".equals(System.getProperty("user.name"))) {
            command.add("--no-sandbox"); // Chromium refuses to run as root with one
        }
        command.add("about:blank");
        return command;
    }

    /** Chromium writes port and path of its DevTools into the profile once it listens. */
    private static String address(Process process, Path profile, Path log) throws IOException {
        Path file = profile.resolve("DevToolsActivePort");
        long deadline = System.nanoTime() + START_NS;
        while (System.nanoTime() < deadline && process.isAlive()) {
            List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
            if (lines.size() >= 2) {
                return "ws://127.0.0.1:" + lines.get(0) + lines.get(1);
            }
            pause();
        }
        List<String> said = Files.readAllLines(log);
        throw HarnessException.environment("Chromium did not start: "
                + (said.isEmpty() ? "it said nothing within 30 s" : said.getLast())
                + ": try it by hand, or make --format html");
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw HarnessException.environment("interrupted while Chromium started", e);
        }
    }

    /** A new, empty page of so many CSS pixels. */
    public Page page(int widthPx, int heightPx) {
        return new Page(tools, widthPx, heightPx);
    }

    @Override
    public void close() {
        tools.close();
        end(process, profile);
    }

    private static void end(Process process, Path profile) {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(END_S, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(END_S, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        remove(profile);
    }

    /** Children may still write while they end; what is left then is in the folder for temporary files. */
    private static void remove(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted((one, other) -> other.compareTo(one))
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | java.io.UncheckedIOException e) {
            folder.toFile().deleteOnExit();
        }
    }
}
