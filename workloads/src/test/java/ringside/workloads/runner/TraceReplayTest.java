package ringside.workloads.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.workloads.job.JobFile;
import ringside.workloads.job.JobFileException;
import ringside.workloads.job.JobSpec;
import ringside.workloads.job.ReadWrite;
import ringside.workloads.job.Strictness;
import ringside.workloads.target.NullTargets;
import ringside.workloads.trace.Trace;
import ringside.workloads.trace.TraceRules;
import ringside.workloads.unit.IoUnit;

class TraceReplayTest {
    private static final long CAPACITY_BYTES = 16L << 20;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(CompletionMode.class)
    void replay_issuesEachRequestAtItsTimeOrLater(CompletionMode mode) throws IOException {
        List<String> lines = new ArrayList<>(List.of("time_ms,op,offset,length"));
        for (int i = 0; i < 30; i++) {
            lines.add(2 * i + "," + (i % 3 == 0 ? "write" : "read") + "," + 8192 * i + "," + 512 * (1 + i));
        }
        lines.add("60,sync,0,0");
        Path trace = Files.write(folder.resolve("trace.csv"), lines);

        JobOutcome outcome = run(mode, job("read_iolog=" + trace, "write_iolog=" + folder.resolve("log"), "iodepth=4"));

        Trace asked = Trace.read(trace, TraceRules.AS_RECORDED);
        Trace done = Trace.read(folder.resolve("log"), TraceRules.AS_RECORDED);
        assertThat(requests(done)).isEqualTo(requests(asked));
        assertThat(outcome.ios()).isEqualTo(30);
        assertThat(outcome.direction(IoUnit.Op.WRITE).orElseThrow().ios()).isEqualTo(10);
        OpenLoopOutcome openLoop = outcome.openLoop().orElseThrow();
        assertThat(openLoop.due()).isEqualTo(31);
        assertThat(openLoop.skipped()).isZero();
        assertThat(openLoop.latency().getTotalCount()).isEqualTo(30);
        List<Long> issuedUs = Files.readAllLines(folder.resolve("log")).stream()
                .map(line -> line.split(" "))
                .filter(words -> words.length == 5 && !words[0].equals("fio"))
                .map(words -> Long.parseLong(words[0]))
                .toList();
        assertThat(IntStream.range(0, asked.size()).filter(i -> issuedUs.get(i) < asked.timeNs(i) / 1000))
                .isEmpty();
        assertThat(outcome.measuredNs()).isGreaterThanOrEqualTo(58_000_000L);
    }

    @Test
    void clones_replayTheirOwnTraces_andLogApart() throws IOException {
        Path one = Files.write(
                folder.resolve("one"), List.of("time_us,op,offset,length", "0,read,0,512", "0,read,512,512"));
        Path two = Files.write(folder.resolve("two"), List.of("time_us,op,offset,length", "0,trim,4096,1024"));
        Path log = folder.resolve("log");

        JobOutcome outcome = run(
                CompletionMode.POLL,
                job("read_iolog=" + one + ":" + two, "numjobs=3", "write_iolog=" + log, "replay_no_stall=1"));

        assertThat(outcome.direction(IoUnit.Op.READ).orElseThrow().ios()).isEqualTo(4);
        assertThat(outcome.direction(IoUnit.Op.TRIM).orElseThrow().ios()).isEqualTo(1);
        assertThat(requests(Trace.read(folder.resolve("log.1"), TraceRules.AS_RECORDED)))
                .containsExactly("TRIM 4096 1024");
        assertThat(requests(Trace.read(folder.resolve("log.2"), TraceRules.AS_RECORDED)))
                .hasSize(2);
    }

    @Test
    void timeBasedReplay_beginsAgain_withoutAllocating() throws IOException {
        Path trace = Files.write(
                folder.resolve("trace.csv"),
                List.of(
                        "time_us,op,offset,length",
                        "0,read,0,4096",
                        "5,write,4096,4096",
                        "9,trim,0,512",
                        "9,sync,0,0"));
        JobSpec job = job(
                "read_iolog=" + trace,
                "replay_no_stall=1",
                "time_based",
                "runtime=400ms",
                "ramp_time=300ms",
                "iodepth=16");

        JobOutcome outcome = run(CompletionMode.POLL, job);

        assertThat(job.rw()).isEqualTo(ReadWrite.RW);
        assertThat(outcome.ios()).isGreaterThan(1000);
        assertThat((double) outcome.threads().getFirst().allocatedBytes() / outcome.ios())
                .isLessThan(0.25);
    }

    @Test
    void traceThatOutlivesTheRuntime_isCutOffAndNothingIsSkipped() throws IOException {
        Path trace = Files.write(
                folder.resolve("long"),
                List.of("time_s,op,offset,length", "0,read,0,512", "0.01,read,0,512", "60,read,0,512"));

        JobOutcome outcome = run(CompletionMode.INTERRUPT, job("read_iolog=" + trace, "runtime=200ms"));

        assertThat(outcome.ios()).isEqualTo(2);
        assertThat(outcome.openLoop().orElseThrow().skipped()).isZero();
    }

    @Test
    void longTrims_needNoBuffers_andAChangedTraceIsReadAgain() throws IOException {
        Path trace = folder.resolve("trims");
        Files.write(trace, List.of("time_us,op,offset,length", "0,trim,0," + (1 << 23), "0,write,0,4096"));
        JobSpec mixed = job("read_iolog=" + trace);
        Files.write(trace, List.of("time_us,op,offset,length", "0,trim,0," + (1 << 22)));
        JobSpec trims = job("read_iolog=" + trace);

        assertThat(mixed.rw()).isEqualTo(ReadWrite.TRIMWRITE);
        assertThat(mixed.bufferBytes()).isEqualTo(4096);
        assertThat(run(CompletionMode.POLL, job("read_iolog=" + trace)).bytes()).isEqualTo(1 << 22);
        assertThat(trims.rw()).isEqualTo(ReadWrite.TRIM);
        assertThat(trims.bs().trimBytes()).isEqualTo(1 << 22);
    }

    @Test
    void unfitTrace_isRefusedInOneLine() throws IOException {
        Path trace = Files.write(
                folder.resolve("far"), List.of("time_us,op,offset,length", "0,read," + CAPACITY_BYTES + ",512"));
        JobSpec far = job("read_iolog=" + trace);

        assertThatThrownBy(() -> run(CompletionMode.POLL, far))
                .isInstanceOf(JobRunException.class)
                .hasMessage(
                        "job x: the trace " + trace + " reaches to byte " + (CAPACITY_BYTES + 512) + " of a disk of "
                                + CAPACITY_BYTES + " bytes: use a larger disk, or replay_scale with replay_align");
        assertThatThrownBy(() -> job("read_iolog=" + folder.resolve("none")))
                .isInstanceOf(JobFileException.class)
                .hasMessageEndingWith("none: no such trace");
        assertThatThrownBy(() -> job("read_iolog=" + trace, "replay_align=1000"))
                .hasMessageContaining("replay_align=1000 is not a power of two");
        assertThatThrownBy(() -> job("read_iolog=" + trace, "replay_skip=jump"))
                .hasMessageContaining("use read, write, trim, sync");
    }

    /** fio records, we replay and record the same requests, and fio replays our log. */
    @Test
    void logs_areReadByFioAndTheReverse() throws IOException, InterruptedException {
        boolean found = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(path -> Files.isExecutable(Path.of(path, "fio")));
        assumeTrue(found, "fio is not installed: the comparison with it is skipped");
        fio("--rw=randrw", "--bssplit=4k/50:16k/50", "--size=16m", "--number_ios=500", "--write_iolog=fio.log");

        run(
                CompletionMode.INTERRUPT,
                job("read_iolog=" + folder.resolve("fio.log"), "write_iolog=" + folder.resolve("ours.log")));
        String replayed = fio("--read_iolog=ours.log", "--replay_redirect=y", "--output-format=json");

        List<String> recorded = requests(Trace.read(folder.resolve("fio.log"), TraceRules.AS_RECORDED));
        assertThat(recorded).hasSize(500);
        assertThat(requests(Trace.read(folder.resolve("ours.log"), TraceRules.AS_RECORDED)))
                .isEqualTo(recorded);
        List<Long> counts = Pattern.compile("\"total_ios\" : (\\d+)")
                .matcher(replayed)
                .results()
                .map(match -> Long.parseLong(match.group(1)))
                .toList();
        long reads = recorded.stream().filter(one -> one.startsWith("READ")).count();
        assertThat(counts).startsWith(reads, 500 - reads);
    }

    private String fio(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("fio", "--name=x", "--filename=y", "--ioengine=null"));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }

    private static JobOutcome run(CompletionMode mode, JobSpec job) {
        try (NullTargets targets = new NullTargets(1, 1, CAPACITY_BYTES, 256)) {
            return new JobRunner()
                    .run(new RunPlan(List.of(job), 1, mode, 0, RunOptions.DEFAULT), targets, RunListener.NONE);
        }
    }

    private static List<String> requests(Trace trace) {
        return IntStream.range(0, trace.size())
                .mapToObj(i -> trace.op(i) + " " + trace.offsetBytes(i) + " " + trace.lengthBytes(i))
                .toList();
    }

    private JobSpec job(String... options) throws IOException {
        List<String> lines = new ArrayList<>(List.of("[x]"));
        lines.addAll(List.of(options));
        Path file = Files.write(folder.resolve("x.fio"), lines);
        return JobFile.parse(file, Strictness.STRICT).jobs().getFirst();
    }
}
