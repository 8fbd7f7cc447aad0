package ringside.reports.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import ringside.harness.HarnessException;
import ringside.harness.ab.AbPlan;
import ringside.harness.results.AtomicFiles;
import ringside.harness.results.ResultStore;
import ringside.harness.spi.PairSource;
import ringside.harness.spi.ReportSubject;
import ringside.reports.model.IndexModel;

/**
 * What is served below which path: {@code /} the folder, {@code /NAME/} a folder in it, each with {@code content} and
 * {@code events} beside it; {@code /compare}; and HTML files that are in a served folder. Thread-safe.
 */
final class Site {
    private static final Pattern FILE = Pattern.compile("(?:profiles/)?[^/.][^/]*\\.html");

    private final Path root;
    private final PairSource pairs;
    private final Function<ReportSubject, String> pages;
    private final Map<Path, LiveFolder> folders = new ConcurrentHashMap<>();

    /**
     * A site.
     *
     * @param pages makes the page of a subject as a file has it; an index with links into this site
     */
    Site(Path root, PairSource pairs, Function<ReportSubject, String> pages) {
        this.root = root.toAbsolutePath().normalize();
        this.pairs = pairs;
        this.pages = pages;
        folder(this.root); // refuses what is none
    }

    private boolean holdsSeveral() {
        return !AbPlan.isIn(root) && !ResultStore.isResultFolder(root);
    }

    /** The folder whose events are asked for. */
    Optional<LiveFolder> events(String path) {
        return path.endsWith("/events")
                ? place(path.substring(0, path.length() - "events".length()))
                : Optional.empty();
    }

    /** The answer to a path. */
    Reply reply(String path, Map<String, String> query) {
        if (path.equals("/compare") && holdsSeveral()) {
            return compare(query);
        }
        if (path.endsWith("/content")) {
            return place(path.substring(0, path.length() - "content".length()))
                    .map(folder -> Reply.json(folder.page().content()))
                    .orElseGet(() -> missing(path));
        }
        if (path.endsWith("/")) {
            return place(path).map(folder -> Reply.html(folder.page().html())).orElseGet(() -> missing(path));
        }
        return file(path);
    }

    private static Reply missing(String path) {
        return Reply.refusal(404, "nothing is served at " + path + ": begin at /");
    }

    private Reply compare(Map<String, String> query) {
        Optional<Path> a = below(query.getOrDefault("a", ""));
        Optional<Path> b = below(query.getOrDefault("b", ""));
        return a.isEmpty() || b.isEmpty()
                ? Reply.refusal(404, "compare?a=NAME&b=NAME needs two results folders of the index")
                : Reply.html(pages.apply(pairs.pair(a.get(), b.get())));
    }

    /** The folder at a path that ends in a slash. */
    private Optional<LiveFolder> place(String path) {
        if (path.equals("/")) {
            return Optional.of(folder(root));
        }
        return holdsSeveral() ? below(path.substring(1, path.length() - 1)).map(this::folder) : Optional.empty();
    }

    /** A folder by its name: one of those that there are, so that no name leads elsewhere. */
    private Optional<Path> below(String name) {
        return IndexModel.below(root).stream()
                .filter(path -> path.getFileName().toString().equals(name))
                .findFirst();
    }

    private LiveFolder folder(Path path) {
        return folders.computeIfAbsent(path, _ -> new LiveFolder(path, source(path)));
    }

    private Supplier<String> source(Path path) {
        if (AbPlan.isIn(path)) {
            return () -> pages.apply(pairs.pairs(path));
        }
        if (ResultStore.isResultFolder(path)) {
            return () -> pages.apply(new ReportSubject.Results(ResultStore.load(path)));
        }
        if (!Files.isDirectory(path) || IndexModel.below(path).isEmpty()) {
            throw HarnessException.badInput(
                    path + " holds no results: name a results folder, or the folder above several");
        }
        return () -> pages.apply(new ReportSubject.Index(path));
    }

    /** A page or a flame graph that is a file of a served folder. */
    private Reply file(String path) {
        String rest = path.substring(1);
        Path folder = root;
        int slash = rest.indexOf('/');
        if (holdsSeveral() && slash > 0) {
            Optional<Path> named = below(rest.substring(0, slash));
            if (named.isEmpty()) {
                return missing(path);
            }
            folder = named.get();
            rest = rest.substring(slash + 1);
        }
        if (!FILE.matcher(rest).matches()) {
            return missing(path);
        }
        try {
            Path file = folder.resolve(rest).toRealPath();
            return file.startsWith(folder.toRealPath()) && Files.isRegularFile(file)
                    ? new Reply(200, "text/html; charset=utf-8", Files.readAllBytes(file))
                    : missing(path);
        } catch (IOException e) {
            return Reply.refusal(404, "cannot read " + path + ": " + AtomicFiles.reason(e));
        }
    }
}
