package ringside.harness.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.harness.HarnessException;
import ringside.harness.peer.Programs;
import ringside.harness.suite.SuiteFile;

/** Scratch images of every kind, judged by qemu-img. */
class ScratchImagesTest {
    private static final long BYTES = 3 << 20;

    @TempDir
    Path temp;

    private static ImageRecipe recipe(String settings) {
        Map<String, String> options = new HashMap<>();
        for (String setting : settings.split(" ")) {
            options.put(setting.split("=", 2)[0], setting.split("=", 2)[1]);
        }
        return ImageRecipe.of(options, BYTES);
    }

    private String qemuImg(String... arguments) throws IOException, InterruptedException {
        assumeTrue(Programs.present("qemu-img"), Programs.missing("qemu-img"));
        List<String> command = new ArrayList<>(List.of("qemu-img"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "driver=qcow2",
                "driver=qcow2 cluster-size=4k refcount-bits=1 lazy-refcounts=on",
                "driver=qcow2 compat=0.10",
                "driver=qcow2 extended-l2=on",
                "driver=qcow2 preallocation=metadata",
                "driver=qcow2 compression=zlib",
                "driver=qcow2 compression=zstd cluster-size=4k",
                "driver=qcow2 data-file=on",
                "driver=qcow2 backing-depth=3",
                "driver=qcow2 backing-depth=2 backing-format=raw",
            })
    void filledImage_isCleanAndFullOfTheSameData(String settings) throws IOException, InterruptedException {
        ImageRecipe recipe = recipe(settings);
        try (ScratchImages images = ScratchImages.create(temp, 0, 1, recipe);
                ScratchImages raw = ScratchImages.create(temp, 1, 1, ImageRecipe.raw(BYTES))) {
            String image = images.files().getFirst();

            assertThat(qemuImg("check", "-f", "qcow2", image)).contains("No errors were found");
            if (settings.contains("compression")) {
                assertThat(Files.size(Path.of(image))).isBetween(BYTES / 5, BYTES * 2 / 3); // of other data
            } else {
                qemuImg(
                        "compare",
                        "-q",
                        "-f",
                        "qcow2",
                        "-F",
                        "raw",
                        image,
                        raw.files().getFirst());
            }
            String map = qemuImg("map", "-f", "qcow2", "--output=json", image);
            assertThat(map).contains("\"depth\": " + recipe.options().get("backing-depth"));
        }
        try (Stream<Path> left = Files.list(temp)) {
            assertThat(left).as("files that are left").isEmpty();
        }
    }

    @Test
    void emptyImage_isMadeAnew() throws IOException, InterruptedException {
        try (ScratchImages images = ScratchImages.create(temp, 0, 1, recipe("driver=qcow2 image-fill=none"))) {
            Path image = Path.of(images.files().getFirst());
            byte[] fresh = Files.readAllBytes(image);
            qemuImg("bench", "-w", "-c", "8", "-q", "-f", "qcow2", image.toString());
            assertThat(Files.size(image)).isGreaterThan(fresh.length);

            images.renew();

            assertThat(Files.readAllBytes(image)).isEqualTo(fresh);
        }
    }

    @Test
    void imageThatCannotBe_isRefusedBeforeAnythingRuns() {
        assertThatThrownBy(() -> PreparedSuite.of(new RunRequest(
                        "suite",
                        SuiteFile.parse("disk: {driver: qcow2, cluster-size: 1000}\njob: {rw: read}\n", "suite.yaml"),
                        List.of(),
                        List.of(),
                        false,
                        List.of())))
                .isInstanceOf(HarnessException.class)
                .hasMessageContaining("cluster_size 1000 is not a power of two")
                .hasMessageNotContaining("\n");
    }

    @Test
    void recipeAsAnAxis_isRefusedOnAnImageOfTheUser() throws IOException {
        Path image = Files.write(temp.resolve("disk.qcow2"), new byte[512]);

        assertThatThrownBy(() -> PreparedSuite.of(new RunRequest(
                        "suite",
                        SuiteFile.parse(
                                "disk: {driver: qcow2}\naxes: {cluster-size: [4k, 64k]}\njob: {rw: read}\n",
                                "suite.yaml"),
                        List.of(image),
                        List.of(),
                        false,
                        List.of())))
                .isInstanceOf(HarnessException.class)
                .hasMessageContaining("cluster-size is an axis, but the image is given");
    }

    @Test
    void rawCells_shareAnImageWhateverTheySayOfOtherFormats() {
        assertThat(recipe("driver=raw cluster-size=4k")).isEqualTo(recipe("driver=raw cluster-size=64k"));
        assertThat(recipe("driver=qcow2 cluster-size=4k")).isNotEqualTo(recipe("driver=qcow2 cluster-size=64k"));
        assertThat(recipe("driver=qcow2 target=fio").format()).isEqualTo("raw");
    }
}
