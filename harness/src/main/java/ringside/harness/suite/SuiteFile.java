package ringside.harness.suite;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ringside.harness.HarnessException;

/** Finds and reads suites: built-in ones by name, others by path. */
public final class SuiteFile {
    /** Built-in suites, in the order in which they are listed. */
    public static final List<String> BUILT_IN = List.of("quick", "whitepaper", "peers", "qcow2", "qcow2-locking");

    private SuiteFile() {}

    /**
     * Reads a suite with all that it extends.
     *
     * @param reference name of a built-in suite or path of a YAML file
     * @throws HarnessException in one line
     */
    public static SuiteSpec load(String reference) {
        List<Source> chain = new ArrayList<>();
        Source source = find(reference, Optional.empty())
                .orElseThrow(() -> HarnessException.badInput("unknown suite '" + reference + "': use "
                        + String.join(" or ", BUILT_IN) + ", or the path of a YAML file (see: ringside suites)"));
        collect(source, chain);
        SuiteBuilder builder = new SuiteBuilder();
        chain.reversed().forEach(part -> builder.apply(part.root()));
        return besideSuite(builder.build(source.stem()), source);
    }

    /** A job file is named relative to the suite that names it. */
    private static SuiteSpec besideSuite(SuiteSpec suite, Source source) {
        if (suite.jobFile().isEmpty() || source.path().isEmpty()) {
            return suite;
        }
        return suite.withJobFileAt(
                source.path().get().resolveSibling(suite.jobFile()).toString());
    }

    /** Reads a suite that extends nothing from a text, for example the one kept in a results folder. */
    public static SuiteSpec parse(String text, String file) {
        SuiteBuilder builder = new SuiteBuilder();
        builder.apply(YamlReader.read(text, file).mapping("a suite"));
        return builder.build("suite");
    }

    /** The YAML text of a built-in suite. */
    public static String builtInText(String name) {
        try (InputStream stream = SuiteFile.class.getResourceAsStream("/ringside/suites/" + name + ".yaml")) {
            if (stream == null || !BUILT_IN.contains(name)) {
                throw HarnessException.badInput("unknown suite '" + name + "': use " + String.join(" or ", BUILT_IN));
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Source(String id, String stem, Optional<Path> path, Map<String, YamlNode> root) {}

    /** Adds a suite and those it extends; the most basic one comes last. */
    private static void collect(Source source, List<Source> chain) {
        chain.add(source);
        YamlNode base = source.root().get("extends");
        if (base == null) {
            return;
        }
        String reference = base.text("extends");
        Source next = find(reference, source.path())
                .orElseThrow(() -> base.place()
                        .error("extends unknown suite '" + reference + "': use " + String.join(" or ", BUILT_IN)
                                + ", or a path relative to this file"));
        List<String> ids = new ArrayList<>(chain.stream().map(Source::id).toList());
        if (ids.contains(next.id())) {
            ids.add(next.id());
            throw base.place().error("suites extend each other in a cycle: " + String.join(" -> ", ids));
        }
        collect(next, chain);
    }

    private static Optional<Source> find(String reference, Optional<Path> from) {
        Path path = from.map(file -> file.resolveSibling(reference)).orElse(Path.of(reference));
        if (Files.isRegularFile(path)) {
            return Optional.of(read(path));
        }
        if (BUILT_IN.contains(reference)) {
            String text = builtInText(reference);
            String file = "built-in " + reference + ".yaml";
            return Optional.of(new Source(
                    reference,
                    reference,
                    Optional.empty(),
                    YamlReader.read(text, file).mapping("a suite")));
        }
        if (Files.isDirectory(path)) {
            throw HarnessException.badInput(path + " is a folder: a suite is a YAML file");
        }
        return Optional.empty();
    }

    private static Source read(Path path) {
        try {
            Path real = path.toRealPath();
            String name = path.getFileName().toString();
            Map<String, YamlNode> root =
                    YamlReader.read(Files.readString(path), path.toString()).mapping("a suite");
            return new Source(real.toString(), name.replaceFirst("\\.ya?ml$", ""), Optional.of(real), root);
        } catch (IOException e) {
            throw HarnessException.badInput(
                    path + ": cannot be read: " + e.getClass().getSimpleName(), e);
        }
    }
}
