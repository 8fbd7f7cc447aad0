package ringside.harness.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Option;
import ringside.harness.HarnessException;
import ringside.harness.ab.AbPlan;
import ringside.harness.ab.AbSide;
import ringside.harness.ab.Launchers;
import ringside.harness.ab.RevisionBuilds;
import ringside.harness.observe.BuildFacts;
import ringside.harness.suite.SuiteSpec;

/** Who is compared with whom. */
final class AbSideOptions {
    private static final int SHORT_COMMIT = 12;

    @Option(names = "--base", paramLabel = "REV", description = "Revision that is compared with (default: as it is).")
    private String baseRevision;

    @Option(names = "--head", paramLabel = "REV", description = "Revision that is judged (default: as it is).")
    private String headRevision;

    @Option(
            names = "--base-dir",
            paramLabel = "DIR",
            description = "Checkout or unpacked distribution instead of --base.")
    private Path baseFolder;

    @Option(names = "--head-dir", paramLabel = "DIR", description = "Likewise instead of --head.")
    private Path headFolder;

    @Option(names = "--base-set", paramLabel = "NAME=VALUE", description = "Option that only base gets.")
    private List<String> baseSettings = List.of();

    @Option(names = "--head-set", paramLabel = "NAME=VALUE", description = "Option that only head gets.")
    private List<String> headSettings = List.of();

    @Option(
            names = "--repository",
            paramLabel = "DIR",
            description = "Git checkout that has the revisions (default: the one of this program).")
    private Path repository;

    @Option(
            names = "--builds",
            paramLabel = "DIR",
            description = "Where builds of revisions are kept (default: ringside/builds in the user's cache folder).")
    private Path builds;

    /** Whether anything was said. */
    boolean given() {
        return baseRevision != null
                || headRevision != null
                || baseFolder != null
                || headFolder != null
                || !baseSettings.isEmpty()
                || !headSettings.isEmpty();
    }

    /**
     * Both sides, built.
     *
     * @param notes hears what takes long
     */
    AbPlan plan(SuiteSpec suite, Consumer<String> notes) {
        check(suite);
        RevisionBuilds revisions = new RevisionBuilds(
                repository == null ? Path.of(System.getProperty("ringside.home", ".")) : repository,
                builds == null ? RevisionBuilds.defaultCache() : builds,
                notes);
        // Both names before the first build: a misspelt one shows at once.
        String base = baseRevision == null ? "" : revisions.commit(baseRevision);
        String head = headRevision == null ? "" : revisions.commit(headRevision);
        return AbPlan.of(
                side(AbSide.BASE, baseRevision, base, baseFolder, baseSettings, revisions),
                side(AbSide.HEAD, headRevision, head, headFolder, headSettings, revisions));
    }

    /** Whether the sides are said and their settings can be those of this suite; builds nothing. */
    void check(SuiteSpec suite) {
        if (baseRevision != null && baseFolder != null || headRevision != null && headFolder != null) {
            throw HarnessException.badInput("a side is a revision or a folder: give only one of them");
        }
        if (!given()) {
            throw HarnessException.badInput(
                    "nothing to compare: give --base REV, --base-dir DIR, or --base-set and --head-set NAME=VALUE;"
                            + " for a program against itself give --base and --head the same revision");
        }
        baseSettings.forEach(setting -> check("--base-set", setting, suite));
        headSettings.forEach(setting -> check("--head-set", setting, suite));
    }

    private static AbSide side(
            String name, String revision, String commit, Path folder, List<String> settings, RevisionBuilds revisions) {
        Path launcher;
        String label;
        if (revision != null) {
            launcher = revisions.launcher(commit);
            label = revision + " (" + commit.substring(0, Math.min(commit.length(), SHORT_COMMIT)) + ")";
        } else if (folder != null) {
            launcher = Launchers.in(folder);
            label = folder.toString();
        } else {
            launcher = Launchers.own();
            BuildFacts facts = BuildFacts.collect();
            label = "this program (" + facts.version() + ", " + facts.gitRevision() + ")";
        }
        String set = settings.isEmpty() ? "" : " with " + String.join(" ", settings);
        return new AbSide(name, label + set, launcher.toString(), settings);
    }

    /** The other program knows best which options it has; only what this one can tell is checked. */
    private static void check(String option, String setting, SuiteSpec suite) {
        int equals = setting.indexOf('=');
        if (equals < 1 || equals == setting.length() - 1) {
            throw HarnessException.badInput(option + " " + setting + ": write " + option + " NAME=VALUE");
        }
        String name = setting.substring(0, equals);
        if (suite.axes().containsKey(name)) {
            throw HarnessException.badInput(option + " " + setting + ": " + name
                    + " is an axis of the suite: fix it for both sides with --set, or use a suite without it");
        }
        if (setting.substring(equals).contains(",")) {
            throw HarnessException.badInput(option + " " + setting + ": a side has one value of an option");
        }
    }
}
