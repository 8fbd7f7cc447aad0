package ringside.harness.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The files for schedulers in docs/examples, run as the schedulers would, with a {@code ringside} that tells what it was given. */
class SchedulerFilesTest {
    private static final Path FILES = root().resolve("docs/examples/schedulers");

    @TempDir
    Path temp;

    @Test
    void slurmTask_runsItsShareAndGoesOnWithItWhenRequeued() throws Exception {
        List<String> script = List.of("sh", FILES.resolve("slurm-array.sh").toString());
        Map<String, String> task =
                new LinkedHashMap<>(Map.of("SLURM_ARRAY_TASK_ID", "3", "SLURM_ARRAY_TASK_COUNT", "4"));

        assertThat(run(script, task)).isEqualTo("run whitepaper --shard 3/4 --out results/share-3");
        begun(temp.resolve("results/share-3"));
        assertThat(run(script, task)).isEqualTo("run --resume results/share-3");
    }

    @Test
    void kubernetesPod_runsItsShareAndGoesOnWithItAfterARestart() throws Exception {
        JsonNode job = new YAMLMapper().readTree(Files.readString(FILES.resolve("kubernetes-indexed-job.yaml")));
        assertThat(job.at("/spec/completionMode").asString()).isEqualTo("Indexed");
        JsonNode container = job.at("/spec/template/spec/containers/0");
        assertThat(container.at("/env/0/value").asString())
                .as("shares")
                .isEqualTo(job.at("/spec/completions").asString());
        String text = container
                .at("/args/0")
                .asString()
                .replace("/results", temp.resolve("results").toString());
        List<String> pod = List.of("/bin/sh", "-ec", text);
        Map<String, String> first = Map.of("JOB_COMPLETION_INDEX", "0", "RINGSIDE_SHARES", "4");

        assertThat(run(pod, first)).isEqualTo("run whitepaper --shard 1/4 --out " + temp.resolve("results/share-1"));
        begun(temp.resolve("results/share-1"));
        assertThat(run(pod, first)).isEqualTo("run --resume " + temp.resolve("results/share-1"));
    }

    @Test
    void workflowMatrix_hasEveryShareOnce() throws IOException {
        JsonNode workflow = new YAMLMapper().readTree(Files.readString(FILES.resolve("github-actions.yaml")));

        JsonNode shares = workflow.at("/jobs/share/strategy/matrix/share");
        assertThat(shares).hasSize(4);
        assertThat(workflow.at("/jobs/share/steps/2/run").asString()).contains("--shard ${{ matrix.share }}/4 ");
        assertThat(Shard.parse("4/4")).isNotNull();
    }

    private static void begun(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("plan.json"), "{}");
    }

    private String run(List<String> command, Map<String, String> environment) throws Exception {
        Path bin = Files.createDirectories(temp.resolve("bin"));
        Path ringside = bin.resolve("ringside");
        Files.writeString(ringside, "#!/bin/sh\nprintf '%s' \"$*\"\n");
        assertThat(ringside.toFile().setExecutable(true)).isTrue();
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(temp.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        builder.environment().put("PATH", bin + ":" + System.getenv("PATH"));
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }

    private static Path root() {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(root.resolve("docs/examples"))) {
            root = root.getParent();
        }
        return root;
    }
}
