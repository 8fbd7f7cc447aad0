package ringside.harness.bisect;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ringside.harness.HarnessException;

/** The commits of a checkout, asked of git. */
public final class Commits {
    private static final int SHORT = 12;

    private final Path repository;

    /** @param repository a git checkout */
    public Commits(Path repository) {
        this.repository = repository;
    }

    /**
     * The commits after one up to another along first parents, oldest first.
     *
     * @throws HarnessException when the other does not descend from the one
     */
    List<String> between(String good, String bad) {
        List<String> commits = lines("rev-list", "--first-parent", "--reverse", good + ".." + bad);
        boolean follows =
                !commits.isEmpty() && lines("rev-list", "--first-parent", bad).contains(good);
        if (!follows) {
            throw HarnessException.badInput("the good commit " + brief(good) + " is no ancestor of the bad one "
                    + brief(bad) + " along first parents: name commits of one line");
        }
        return commits;
    }

    /** Short name and subject. */
    public String describe(String commit) {
        return String.join(
                " ", lines("log", "-1", "--no-show-signature", "--abbrev=" + SHORT, "--format=%h %s", commit));
    }

    static String brief(String commit) {
        return commit.substring(0, Math.min(commit.length(), SHORT));
    }

    private List<String> lines(String... arguments) {
        List<String> command = new ArrayList<>(List.of("git", "-C", repository.toString()));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw HarnessException.badInput("git " + String.join(" ", arguments) + " failed in " + repository);
            }
            return text.lines().toList();
        } catch (IOException e) {
            throw HarnessException.environment("cannot run git: install it", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw HarnessException.environment("interrupted", e);
        }
    }
}
