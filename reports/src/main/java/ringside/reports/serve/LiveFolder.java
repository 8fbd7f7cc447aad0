package ringside.reports.serve;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import ringside.harness.ab.AbPlan;
import ringside.harness.ab.AbSide;
import ringside.harness.results.ResultStore;
import ringside.reports.model.IndexModel;
import ringside.reports.page.LivePage;

/**
 * A folder whose page follows it. The page is made when somebody asks and the folder has changed, by one thread at a time,
 * and not more often than making it leaves most of the host to what is measured. Thread-safe.
 */
final class LiveFolder {
    private static final long LEAST_PAUSE_NS = 2_000_000_000L;

    /** Pause after making a page, in times of what that took. */
    private static final int PAUSE_FACTOR = 10;

    private final Path folder;
    private final Supplier<String> page;
    private LivePage made = new LivePage("", "");
    private long notBeforeNs = System.nanoTime();

    /**
     * A folder.
     *
     * @param page makes its page as a file has it
     */
    LiveFolder(Path folder, Supplier<String> page) {
        this.folder = folder;
        this.page = page;
    }

    /** What changes when the folder does: names of results and of folders, never their contents, which do not change. */
    String version() {
        List<Path> parts = new ArrayList<>();
        if (AbPlan.isIn(folder)) {
            parts.addAll(List.of(folder.resolve(AbSide.BASE), folder.resolve(AbSide.HEAD)));
        } else if (ResultStore.isResultFolder(folder)) {
            parts.add(folder);
        } else {
            parts.addAll(IndexModel.below(folder));
        }
        StringBuilder text = new StringBuilder();
        for (Path part : parts) {
            text.append(part.getFileName()).append(names(part)).append(names(part.resolve(AbSide.HEAD)));
        }
        return Integer.toHexString(text.toString().hashCode()) + "-" + text.length();
    }

    private static String names(Path part) {
        String[] names = part.resolve("results").toFile().list((_, name) -> name.endsWith(".json"));
        if (names == null) {
            return "";
        }
        Arrays.sort(names);
        return String.join("/", names);
    }

    /** The page of now, or of a moment ago where it was made just then. */
    synchronized LivePage page() {
        String now = version();
        boolean first = made.version().isEmpty();
        if (first || (!made.version().equals(now) && System.nanoTime() - notBeforeNs >= 0)) {
            long begin = System.nanoTime();
            made = new LivePage(page.get(), now);
            long end = System.nanoTime();
            notBeforeNs = end + Math.max(LEAST_PAUSE_NS, PAUSE_FACTOR * (end - begin));
        }
        return made;
    }

    /** The version that {@link #page} would show now: an older one while a new page has to wait. */
    synchronized String shownVersion() {
        return made.version().isEmpty() || System.nanoTime() - notBeforeNs >= 0 ? version() : made.version();
    }
}
