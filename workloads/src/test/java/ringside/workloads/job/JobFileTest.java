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
                        JobAccess.DEFAULT
                                .withRw(ReadWrite.RANDRW)
                                .withRwmixread(70)
                                .withRandseed(16)
                                .withNorandommap(true),
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
        JobFileResult result = parse("[x]", "rw=read", "nice=5");

        assertThat(result.warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.kind()).isEqualTo(JobWarning.Kind.NOT_IMPLEMENTED);
            assertThat(warning.message()).endsWith("job.fio:3: nice is not implemented and has been ignored");
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
        assertThat(parse("[global]", "nice=5", "[a]", "[b]").warnings()).hasSize(1);
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
    @CsvSource({"nice=5, nice is not implemented: remove it", "wombat=1, unknown option wombat: remove it"})
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
                "rw=read:100|rw=...:100 is not a multiple of 512",
                "rw=randread:0|rw=randread:0 is out of range",
                "rw_sequencer=sideways|use sequential or identical",
                "bsrange=4k|bsrange=4k is no range",
                "bsrange=8k-4k|the smaller size comes first",
                "bsrange=4k-8k-9k|is no range",
                "bssplit=4k/60:8k/60|the shares add to 120 %",
                "bssplit=4k/60:8k/30|the shares add to 90 %",
                "bssplit=4k/60/1:8k/40|is no share",
                "bssplit=1000/100|bssplit=1000 is not a multiple of 512",
                "percentage_random=101|percentage_random=101 is out of range",
                "percentage_random=1,2,3,4|has more than three values",
                "random_distribution=wombat|random_distribution=wombat is not supported: use random, zipf",
                "random_distribution=zipf:1|theta must be above 0 and not 1",
                "random_distribution=zipf:x|x is not a number",
                "random_distribution=zipf:1.2:2|the centre 2.0 is out of range",
                "random_distribution=pareto:1|must be between 0 and 1",
                "random_distribution=normal:100|must be 0 or more and below 100",
                "random_distribution=zoned:50/10:40/90|add to 90 %",
                "random_distribution=zoned:50/60:50/60|add to 120 %",
                "random_distribution=zoned:50|is no zone",
                "random_generator=dice|random_generator=dice is not known",
                "zonemode=zbd|zonemode=zbd is not supported: use none or strided",
                "blockalign=100|blockalign=100 is not a multiple of 512",
                "offset_align=100|offset_align=100 is not a multiple of 512",
                "size=2*$ncpus+x|is no sum of whole numbers",
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
        assertThatThrownBy(() -> parse("[x]", "include more.fio"))
                .hasMessageContaining(":2: include more.fio: no such file, nor ");
    }

    @Test
    void includedFile_addsItsOptionsToTheSection_andIsNamedInErrors() throws IOException {
        Files.write(folder.resolve("more.fio"), List.of("# shared", "bs=8k", "include deep.fio"));
        Files.write(folder.resolve("deep.fio"), List.of("iodepth=7", "nice=5"));

        JobFileResult result = parse("[global]", "include more.fio", "[a]", "[b]", "bs=16k");

        assertThat(result.jobs())
                .containsExactly(
                        JobSpec.defaults("a").withBs(8192).withIodepth(7),
                        JobSpec.defaults("b").withBs(16384).withIodepth(7));
        Files.write(folder.resolve("deep.fio"), List.of("", "bs=7x"));
        assertThatThrownBy(() -> parse("[global]", "include more.fio", "[a]"))
                .hasMessageStartingWith(folder.resolve("deep.fio") + ":2: bs=7x is not a number");
        Files.write(folder.resolve("deep.fio"), List.of("[c]"));
        assertThatThrownBy(() -> parse("[global]", "include more.fio", "[a]"))
                .hasMessageContaining("an included file holds options only");
        Files.write(folder.resolve("deep.fio"), List.of("include more.fio"));
        assertThatThrownBy(() -> parse("[global]", "include more.fio", "[a]"))
                .hasMessageContaining("does it include itself?");
    }

    @Test
    void keywords_areFilledInAndCalculated() {
        int cpus = Runtime.getRuntime().availableProcessors();

        assertThat(only("[x]", "iodepth=$ncpus").iodepth()).isEqualTo(cpus);
        assertThat(only("[x]", "iodepth=2*($ncpus+1)-1").iodepth()).isEqualTo(2 * (cpus + 1) - 1);
        assertThat(only("[x]", "bs=$pagesize").bs().readBytes() % 4096).isZero();
        assertThat(only("[x]", "size=$mb_memory*1048576").region().size().value())
                .isGreaterThan(1 << 20);
    }

    @Test
    void shapesOfRequests_areRead() {
        JobSpec job = only(
                "[x]",
                "rw=randrw:8",
                "rw_sequencer=identical",
                "bssplit=4k/60:64k/:16k/,8k/100",
                "bs_unaligned",
                "ba=512,1k",
                "percentage_random=100,50",
                "random_distribution=zoned:60/10:40/,100/50",
                "offset_increment=1m",
                "offset_align=64k",
                "number_ios=99",
                "zonesize=1m",
                "zoneskip=2m");

        assertThat(job.access().order()).isEqualTo(new OffsetOrder(0, 8, Sequencer.IDENTICAL));
        assertThat(job.bs())
                .hasToString("4096/60:65536/20:16384/20,8192,8192")
                .isEqualTo(new BlockSizes(
                        job.bs().read(),
                        BlockSize.of(8192),
                        BlockSize.of(8192),
                        true,
                        false,
                        new BlockAlign(512, 1024, 1024)));
        assertThat(job.access().randomShare()).isEqualTo(new RandomShare(100, 50, 50));
        List<RandomDistribution.Zone> half = List.of(new RandomDistribution.Zone(100, Extent.percent(50)));
        assertThat(job.access().distribution())
                .isEqualTo(new RandomDistribution.Zoned(
                        List.of(
                                new RandomDistribution.Zone(60, Extent.percent(10)),
                                new RandomDistribution.Zone(40, Extent.percent(90))),
                        half,
                        half));
        assertThat(job.region())
                .isEqualTo(new JobRegion(
                        Extent.UNSET,
                        Extent.UNSET,
                        Extent.UNSET,
                        Extent.bytes(1 << 20),
                        1 << 16,
                        99,
                        new ZoneStride(1 << 20, 1 << 20, 2 << 20)));
    }

    @Test
    void offsets_followFioPerClone() {
        BlockSizes bs = BlockSizes.of(4096);
        long capacity = (1 << 30) + 512;
        JobRegion percent =
                only("[x]", "offset=10%", "offset_increment=5%", "size=10%").region();
        JobRegion bytes =
                only("[x]", "offset=1m", "offset_increment=2m", "size=1m").region();

        assertThat(percent.resolve("x", capacity, bs, 0).offsetBytes())
                .isEqualTo(Math.ceilDiv(capacity / 10, 4096) * 4096L);
        assertThat(percent.resolve("x", capacity, bs, 2).offsetBytes() % 4096).isZero();
        assertThat(bytes.resolve("x", capacity, bs, 3).offsetBytes()).isEqualTo(7L << 20);
        assertThatThrownBy(() -> bytes.resolve("x", capacity, bs, 600))
                .hasMessageContaining("600 x offset_increment=2097152 and size=1048576 reach beyond the disk");
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
