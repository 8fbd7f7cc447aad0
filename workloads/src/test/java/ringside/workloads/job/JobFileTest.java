package ringside.workloads.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobFileTest {
    private static final long SECOND_NS = 1_000_000_000L;

    @TempDir
    Path folder;

    @Test
    void emptyJobSection_hasFioDefaults() {
        JobSpec job = only("[job1]");

        assertThat(job).isEqualTo(JobSpec.defaults("job1"));
        assertThat(job.rw()).isEqualTo(ReadWrite.READ);
        assertThat(job.bs()).isEqualTo(BlockSizes.of(4096));
        assertThat(job.iodepth()).isEqualTo(1);
        assertThat(job.access().rwmixread()).isEqualTo(50);
    }

    @Test
    void allSupportedOptions_areRead() {
        JobSpec job = only(
                "[x]",
                "name=other",
                "readwrite=randrw",
                "blocksize=4k,16k",
                "iodepth=32",
                "numjobs=4",
                "size=50%",
                "offset=1m",
                "io_size=2g",
                "runtime=10",
                "time_based",
                "ramp_time=500ms",
                "rwmixwrite=30",
                "randseed=0x10",
                "norandommap");

        assertThat(job)
                .isEqualTo(new JobSpec(
                        "other",
                        new JobAccess(ReadWrite.RANDRW, 70, 16, true),
                        new BlockSizes(4096, 16384, 16384),
                        new JobRegion(Extent.bytes(1 << 20), Extent.percent(50), Extent.bytes(2L << 30)),
                        JobContent.DEFAULT,
                        JobDepth.DEFAULT.withIodepth(32),
                        4,
                        new JobTiming(10 * SECOND_NS, true, SECOND_NS / 2),
                        JobPacing.DEFAULT,
                        JobSync.DEFAULT,
                        JobVerify.DEFAULT,
                        JobLogs.DEFAULT,
                        JobTrace.DEFAULT,
                        java.util.Map.of()));
    }

    @Test
    void globalSection_appliesToSectionsBelowOnly() {
        List<JobSpec> jobs = parse(
                        "[a]",
                        "rw=write",
                        "[global]",
                        "bs=8k",
                        "iodepth=4",
                        "[b]",
                        "iodepth=2",
                        "[global]",
                        "rw=randread",
                        "[c]")
                .jobs();

        assertThat(jobs).extracting(JobSpec::name).containsExactly("a", "b", "c");
        assertThat(jobs.get(0).bs().readBytes()).isEqualTo(4096);
        assertThat(jobs.get(1)).isEqualTo(JobSpec.defaults("b").withBs(8192).withIodepth(2));
        assertThat(jobs.get(2))
                .isEqualTo(JobSpec.defaults("c").withBs(8192).withIodepth(4).withRw(ReadWrite.RANDREAD));
    }

    @Test
    void commentsAndBlanks_areIgnored() {
        JobSpec job = only("; head", "# more", "", "[x]  ", "  bs = 8k ; tail", "\tiodepth=3 # tail");

        assertThat(job).isEqualTo(JobSpec.defaults("x").withBs(8192).withIodepth(3));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4k|4096|4096|4096",
                "8k,32k|8192|32768|32768",
                "8k,32k,|8192|32768|4096",
                ",8k|4096|8192|8192",
                ",8k,|4096|8192|4096",
                "512,1k,2k|512|1024|2048"
            })
    void blockSizeList_isReadAsInFio(String text, int read, int write, int trim) {
        assertThat(only("[x]", "bs=" + text).bs()).isEqualTo(new BlockSizes(read, write, trim));
    }

    @Test
    void notImplementedOption_isWarnedWithFileAndLine() {
        JobFileResult result = parse("[x]", "rw=read", "thinktime=5");

        assertThat(result.warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.kind()).isEqualTo(JobWarning.Kind.NOT_IMPLEMENTED);
            assertThat(warning.message()).endsWith("job.fio:3: thinktime is not implemented and has been ignored");
        });
    }

    @Test
    void unknownOption_isWarnedAsUnknown_andOptionNamesAreCaseSensitive() {
        JobFileResult result = parse("[x]", "RW=read", "wombat");

        assertThat(result.warnings())
                .extracting(JobWarning::kind, JobWarning::line, JobWarning::option)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(JobWarning.Kind.UNKNOWN, 2, "RW"),
                        org.assertj.core.groups.Tuple.tuple(JobWarning.Kind.UNKNOWN, 3, "wombat"));
    }

    @Test
    void optionOfGlobalSection_isWarnedOnceForSeveralJobs() {
        assertThat(parse("[global]", "thinktime=5", "[a]", "[b]").warnings()).hasSize(1);
    }

    @Test
    void ioengine_isRecordedWithANote() {
        JobFileResult result = parse("[x]", "ioengine=libaio", "group_reporting", "thread");

        assertThat(result.jobs().getFirst().recorded())
                .containsEntry("ioengine", "libaio")
                .containsEntry("group_reporting", "1");
        assertThat(result.warnings()).extracting(JobWarning::kind).containsExactly(JobWarning.Kind.NOTE);
    }

    @ParameterizedTest
    @CsvSource({"thinktime=5, thinktime is not implemented: remove it", "wombat=1, unknown option wombat: remove it"})
    void strict_refusesWhatHasNoEffect(String line, String message) throws IOException {
        Path file = write("[x]", line);

        assertThatThrownBy(() -> JobFile.parse(file, Strictness.STRICT))
                .isInstanceOf(JobFileException.class)
                .hasMessageStartingWith(file + ":2: " + message);
    }

    @Test
    void strict_acceptsNotes() throws IOException {
        Path file = write("[x]", "ioengine=libaio", "direct=1");

        assertThat(JobFile.parse(file, Strictness.STRICT).warnings()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bs=1000|bs=1000 is not a multiple of 512",
                "bs=4kib|bs=4000 is not a multiple of 512",
                "bs=4k-8k|is a range",
                "bs=0|not a multiple of 512",
                "bs=4x|bs=4x is not a number",
                "bs=4 k|bs=4 k is not a number",
                "bs=-4k|bs=-4k is not a whole number",
                "bs=99999999999999999999|is not a whole number",
                "bs=2g|larger than 1 GiB",
                "size=9999999p|is too large",
                "iodepth=0|iodepth=0 is out of range: it must be 1..",
                "iodepth=|iodepth needs a value",
                "iodepth|iodepth needs a value",
                "numjobs=0|numjobs=0 is out of range",
                "rwmixread=101|rwmixread=101 is out of range: it must be 0..100",
                "rw=sideways|rw=sideways is not supported: use read",
                "rw=trimwrite|rw=trimwrite is not supported",
                "runtime=7x|runtime=7x is not a time",
                "size=150%|size=150 is out of range",
                "randrepeat=0|give another randseed",
                "direct|direct needs a value",
            })
    void badValue_isRefusedWithFileAndLine(String line, String message) throws IOException {
        Path file = write("[x]", "rw=read", line);

        assertThatThrownBy(() -> JobFile.parse(file, Strictness.LENIENT))
                .isInstanceOf(JobFileException.class)
                .hasMessageStartingWith(file + ":3: ")
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    @Test
    void timeBasedWithoutRuntime_isRefusedAtTheSection() throws IOException {
        Path file = write("", "[x]", "time_based");

        assertThatThrownBy(() -> JobFile.parse(file, Strictness.LENIENT))
                .hasMessage(file + ":2: job x: time_based needs a runtime: add runtime=SECONDS");
    }

    @Test
    void fileWithoutJobSection_isRefused() throws IOException {
        Path file = write("[global]", "bs=4k");

        assertThatThrownBy(() -> JobFile.parse(file, Strictness.LENIENT))
                .hasMessage(file + ": no job section: add [jobname] with rw, bs and iodepth");
    }

    @Test
    void optionOutsideOfSection_isRefused() throws IOException {
        Path file = write("bs=4k", "[x]");

        assertThatThrownBy(() -> JobFile.parse(file, Strictness.LENIENT)).hasMessageContaining(":1: option 'bs=4k'");
    }

    @Test
    void brokenHeaderOrInclude_isRefused() throws IOException {
        assertThatThrownBy(() -> parse("[x")).hasMessageContaining(":1: malformed section '[x'");
        assertThatThrownBy(() -> parse("[x]", "include more.fio")).hasMessageContaining(":2: include is not");
    }

    @Test
    void missingFile_folderOrBinary_isRefusedInOneLine() throws IOException {
        Path missing = folder.resolve("none.fio");
        Path binary = Files.write(folder.resolve("binary.fio"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});

        assertThatThrownBy(() -> JobFile.parse(missing, Strictness.LENIENT)).hasMessage(missing + ": no such job file");
        assertThatThrownBy(() -> JobFile.parse(folder, Strictness.LENIENT))
                .isInstanceOf(JobFileException.class)
                .hasMessageStartingWith(folder + ": cannot be read");
        assertThatThrownBy(() -> JobFile.parse(binary, Strictness.LENIENT))
                .hasMessage(binary + ": not a text file in UTF-8");
    }

    private JobSpec only(String... lines) {
        JobFileResult result = parse(lines);
        assertThat(result.jobs()).hasSize(1);
        return result.jobs().getFirst();
    }

    private JobFileResult parse(String... lines) {
        try {
            return JobFile.parse(write(lines), Strictness.LENIENT);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Path write(String... lines) throws IOException {
        return Files.write(folder.resolve("job.fio"), List.of(lines));
    }
}
