package ringside.harness.ab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a repository whose launcher stands for one that builds itself. */
class RevisionBuildsTest {
    @TempDir
    Path temp;

    private final List<String> notes = new ArrayList<>();
    private Path repository;
    private RevisionBuilds builds;

    @BeforeEach
    void makeRepository() throws Exception {
        assumeThat(Files.isExecutable(Path.of("/usr/bin/git")))
                .as("git is installed")
                .isTrue();
        repository = Files.createDirectories(temp.resolve("repository"));
        git("init", "-q");
        launcher("mkdir -p \"${0%/*}/target/ringside\"; touch \"${0%/*}/target/ringside/built.properties\"");
        commit("one");
        launcher("echo broken; exit 70");
        commit("two");
        builds = new RevisionBuilds(repository, temp.resolve("cache"), notes::add);
    }

    private void launcher(String command) throws IOException {
        Path script = repository.resolve("scripts/ringside");
        Files.createDirectories(script.getParent());
        Files.writeString(script, "#!/bin/sh\n" + command + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void commit(String message) throws Exception {
        git("add", ".");
        git("-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "-q", "-m", message);
    }

    private void git(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("git", "-C", repository.toString()));
        command.addAll(List.of(words));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    @Test
    void revision_isBuiltOnceOutsideTheRepository() {
        String commit = builds.commit("HEAD~1");
        Path launcher = builds.launcher(commit);

        assertThat(launcher).isEqualTo(temp.resolve("cache").resolve(commit).resolve("scripts/ringside"));
        assertThat(builds.launcher(commit)).isEqualTo(launcher);
        assertThat(notes).hasSize(1);
        assertThat(repository.resolve("scripts/target")).doesNotExist();
    }

    @Test
    void revisionThatDoesNotBuild_isNamedWithItsLog() {
        String commit = builds.commit("HEAD");

        assertThatThrownBy(() -> builds.launcher(commit)).hasMessageContaining(commit + " does not build: see ");
        assertThat(temp.resolve("cache").resolve(commit + ".log")).hasContent("broken");
    }

    @Test
    void unknownRevision_isRefused() {
        assertThatThrownBy(() -> builds.commit("no-such-branch")).hasMessageContaining("has no revision");
        assertThatThrownBy(() -> builds.commit("--all")).hasMessageContaining("name a commit");
        assertThatThrownBy(() -> new RevisionBuilds(temp, temp, notes::add).commit("HEAD"))
                .hasMessageContaining("no git checkout");
    }
}
