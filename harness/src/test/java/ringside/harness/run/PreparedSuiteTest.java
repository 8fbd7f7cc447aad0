package ringside.harness.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.harness.HarnessException;
import ringside.harness.suite.Option;
import ringside.harness.suite.SuiteFile;
import ringside.harness.suite.SuiteSpec;

class PreparedSuiteTest {
    @TempDir
    Path temp;

    private Path image;

    @BeforeEach
    void makeImage() throws IOException {
        image = Files.write(temp.resolve("disk.raw"), new byte[1 << 20]);
    }

    @Test
    void readJobOnImage_needsNoScratchAndWritesNothing() {
        PreparedSuite prepared = prepare("rw: randread", List.of(image), List.of());

        assertThat(prepared.scratchImages()).isZero();
        assertThat(prepared.modifies()).isFalse();
    }

    @Test
    void rawWithoutImage_getsAScratchImage() {
        PreparedSuite prepared = prepare("rw: randread", List.of(), List.of());

        assertThat(prepared.scratchImages()).isEqualTo(1);
        assertThat(prepared.scratchBytes()).isEqualTo(256L << 20);
    }

    @Test
    void largeJob_getsALargerScratchImage() {
        assertThat(prepare("rw: randread, size: 1g", List.of(), List.of()).scratchBytes())
                .isEqualTo(1L << 30);
    }

    @Test
    void writeJobOnImage_isRefusedUnlessAllowed() {
        assertThatThrownBy(() -> prepare("rw: randwrite", List.of(image), List.of()))
                .isInstanceOf(HarnessException.class)
                .hasMessageContaining("--allow-writes " + image);

        assertThat(prepare("rw: randwrite", List.of(image), List.of(image)).modifies())
                .isTrue();
    }

    @Test
    void allowWritesOfAnotherFile_isRefused() throws IOException {
        Path other = Files.write(temp.resolve("other.raw"), new byte[512]);

        assertThatThrownBy(() -> prepare("rw: randwrite", List.of(image), List.of(other)))
                .hasMessageContaining("the job writes");
        assertThatThrownBy(() -> prepare("rw: randread", List.of(image), List.of(other)))
                .hasMessageContaining("names no image of this run");
    }

    @Test
    void writersOfOneImageByTwoDisks_areRefused() {
        SuiteSpec suite = suite("rw: randwrite").with(Option.DISKS, List.of("2"));

        assertThatThrownBy(() -> prepare(suite, List.of(image), List.of(image)))
                .hasMessageContaining("give --image once per disk");
    }

    @Test
    void unusableImage_isRefusedBeforeAnythingRuns() throws IOException {
        Path empty = Files.createFile(temp.resolve("empty.raw"));
        Path odd = Files.write(temp.resolve("odd.raw"), new byte[1000]);

        assertThatThrownBy(() -> prepare("rw: read", List.of(temp.resolve("absent.raw")), List.of()))
                .isInstanceOf(HarnessException.class)
                .hasMessageContaining("absent.raw");
        assertThatThrownBy(() -> prepare("rw: read", List.of(empty), List.of())).hasMessageContaining("is empty");
        assertThatThrownBy(() -> prepare("rw: read", List.of(odd), List.of())).hasMessageContaining("multiple of 512");
        assertThatThrownBy(() -> prepare("rw: read", List.of(temp), List.of())).isInstanceOf(HarnessException.class);
    }

    @Test
    void badJobOption_isRefusedInOneLine() {
        assertThatThrownBy(() -> prepare("rw: sideways", List.of(), List.of()))
                .isInstanceOf(HarnessException.class)
                .hasMessageStartingWith("job options of the suite: rw=sideways is not supported");
    }

    @Test
    void jobFile_givesImageAndIsOverlaidBySuiteOptions() throws IOException {
        Path job = Files.writeString(
                temp.resolve("j.fio"),
                "[global]\nfilename=" + image + "\nruntime=2\n[a]\nrw=randread\nbs=4k\n[b]\nrw=read\nbs=64k\n");
        SuiteSpec suite = suite("rw: read")
                .withJobFile(job.toString())
                .with(Option.BS, List.of("8k"))
                .with(Option.TIME_BASED, List.of("1"));

        PreparedSuite prepared = prepare(suite, List.of(), List.of());
        JobSource.Jobs jobs =
                JobSource.of(prepared.cells().values().iterator().next().options(), job.toString(), false);

        assertThat(prepared.request().images()).containsExactly(image);
        assertThat(jobs.jobs()).extracting(spec -> spec.bs().readBytes()).containsExactly(8192, 8192);
        assertThat(jobs.jobs()).extracting(spec -> spec.rw().label()).containsExactly("randread", "read");
        assertThat(jobs.plannedNs()).isEqualTo(2_000_000_000L);
    }

    @Test
    void unknownJobOption_isRefusedUnderStrictWithFileAndLine() throws IOException {
        Path job = Files.writeString(temp.resolve("j.fio"), "[a]\nrw=read\nfrobnicate=1\n");
        SuiteSpec suite = suite("rw: read").withJobFile(job.toString());

        assertThatThrownBy(
                        () -> PreparedSuite.of(new RunRequest("s", suite, List.of(image), List.of(), true, List.of())))
                .hasMessageContaining("j.fio:3: unknown option frobnicate");
        assertThat(prepare(suite, List.of(image), List.of()).warnings())
                .singleElement()
                .asString()
                .contains("j.fio:3: unknown option frobnicate");
    }

    @Test
    void sectionsOfOneName_areTwoJobsWithNamesOfTheirOwn() throws IOException {
        Path job = Files.writeString(temp.resolve("j.fio"), "[a]\nrw=read\nruntime=1\n[a]\nrw=randread\nruntime=1\n");
        SuiteSpec suite = suite("rw: read").withJobFile(job.toString());

        JobSource.Jobs jobs = JobSource.of(
                prepare(suite, List.of(image), List.of()).cells().get("cell").options(), job.toString(), false);

        assertThat(jobs.jobs()).extracting(spec -> spec.name()).containsExactly("a", "a#2");
    }

    @Test
    void unreadableJobFile_isRefused() {
        SuiteSpec suite =
                suite("rw: read").withJobFile(temp.resolve("absent.fio").toString());

        assertThatThrownBy(() -> prepare(suite, List.of(image), List.of()))
                .hasMessageContaining("absent.fio: no such job file");
    }

    @Test
    void jobPerQueue_dividesTheDepthAmongTheQueues() {
        SuiteSpec suite = suite("rw: read, iodepth: 32")
                .with(Option.QUEUES, List.of("2"))
                .with(Option.JOB_PER_QUEUE, List.of("on"));

        JobSource.Jobs jobs = JobSource.of(
                prepare(suite, List.of(image), List.of()).cells().get("cell").options(), "", false);

        assertThat(jobs.jobs().getFirst().iodepth()).isEqualTo(16);
        assertThat(jobs.jobs().getFirst().numjobs()).isEqualTo(2);
        assertThat(jobs.depthPerDisk()).isEqualTo(32);
    }

    @Test
    void fullDisk_isRefusedWithBothSizes() {
        assertThatThrownBy(() -> ScratchImages.checkRoom(temp, 256L << 20, 100L << 20))
                .isInstanceOfSatisfying(
                        HarnessException.class, e -> assertThat(e.kind()).isEqualTo(HarnessException.Kind.ENVIRONMENT))
                .hasMessageContaining("no room on disk")
                .hasMessageContaining("320 MiB")
                .hasMessageContaining("100 MiB");
    }

    @Test
    void scratchImage_isFilledAndRemoved() throws IOException {
        Path file;
        try (ScratchImages images = ScratchImages.create(temp, 0, 1, ImageRecipe.raw(3L << 20))) {
            file = Path.of(images.files().getFirst());
            byte[] bytes = Files.readAllBytes(file);
            assertThat(bytes).hasSize(3 << 20);
            assertThat(Arrays.copyOfRange(bytes, bytes.length - 512, bytes.length))
                    .isNotEqualTo(new byte[512]);
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void leftoverScratchImage_isRemovedWithWhatBelongsToIt() throws IOException {
        Path leftover = Files.write(temp.resolve("scratch7.raw"), new byte[512]);
        Path backing = Files.write(temp.resolve("scratch8.qcow2.backing1"), new byte[512]);
        Path other = Files.write(temp.resolve("scratch7.raw.keep"), new byte[512]);

        ScratchImages.removeLeftovers(temp);

        assertThat(leftover).doesNotExist();
        assertThat(backing).doesNotExist();
        assertThat(other).exists();
    }

    private static SuiteSpec suite(String job) {
        return SuiteFile.parse("disk: {cache: writeback}\njob: {" + job + "}\n", "suite.yaml");
    }

    private static PreparedSuite prepare(String job, List<Path> images, List<Path> allowed) {
        return prepare(suite(job), images, allowed);
    }

    private static PreparedSuite prepare(SuiteSpec suite, List<Path> images, List<Path> allowed) {
        return PreparedSuite.of(new RunRequest("s", suite, images, allowed, false, List.of()));
    }
}
