package ringside.workloads.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShapeTextTest {
    @TempDir
    Path folder;

    @Test
    void defaults_areRwAndBlockSizeOnly() throws IOException {
        assertThat(ShapeText.of(parse("rw=randread"))).isEqualTo(Map.of("rw", "randread", "bs", "4096"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rw=randrw:8;rw_sequencer=identical;percentage_random=50,60;norandommap",
                "rw=read:-8k;bs=4k,8k",
                "rw=randread;bsrange=4k-64k,8k-8k;bs_unaligned",
                "rw=randread;bssplit=4k/:8k/20:64k/:16k,8k/100;ba=512",
                "rw=randrw;bs=4k,64k;bs_is_seq_rand=1",
                "rw=randread;random_distribution=zipf:1.2",
                "rw=randread;random_distribution=zipf:0.9:0.5",
                "rw=randread;random_distribution=pareto:0.3:0.1",
                "rw=randread;random_distribution=normal:20",
                "rw=randread;random_distribution=zoned:60/10:30/20:10/,100/50",
                "rw=randread;random_distribution=zoned_abs:60/1m:40/20m",
                "rw=read;offset_increment=5%;offset_align=64k;number_ios=77",
                "rw=read;zonesize=1m;zonerange=4m;zoneskip=2m",
                "rw=write;zero_buffers",
                "rw=write;buffer_pattern=0xdead\"x\"-1;scramble_buffers=0",
                "rw=write;buffer_compress_percentage=30;buffer_compress_chunk=4k;dedupe_percentage=9",
                "rw=write;dedupe_percentage=50;dedupe_mode=working_set;dedupe_working_set_percentage=3",
                "read_iolog=TRACE:TRACE;replay_time_scale=50;replay_align=4k;replay_scale=2;replay_skip=sync,trim",
                "read_iolog=TRACE;replay_no_stall=1;write_iolog=TRACE.log"
            })
    void optionsOfAJob_makeTheSameJobAgain(String text) throws IOException {
        Path trace = Files.write(
                folder.resolve("a:trace"), List.of("time_us,op,offset,length", "0,read,0,4096", "7,write,8192,512"));
        JobSpec job = parse(
                text.replace("TRACE", trace.toString().replace(":", "\\:")).split(";"));

        List<String> lines = new ArrayList<>();
        ShapeText.of(job).forEach((name, value) -> lines.add(name + "=" + value));

        assertThat(parse(lines.toArray(String[]::new))).isEqualTo(job);
    }

    private JobSpec parse(String... options) throws IOException {
        List<String> lines = new ArrayList<>(List.of("[x]"));
        lines.addAll(List.of(options));
        Path file = Files.write(folder.resolve("x.fio"), lines);
        return JobFile.parse(file, Strictness.STRICT).jobs().getFirst();
    }
}
