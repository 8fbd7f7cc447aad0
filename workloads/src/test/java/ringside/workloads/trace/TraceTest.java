package ringside.workloads.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceTest {
    private static final int WRITE = 1 << 17;
    private static final int FLUSH = 1 << 18;
    private static final int DISCARD = 1 << 29;
    private static final int NOTIFY = 1 << 26;

    @TempDir
    Path folder;

    @Test
    void iologVersion3_hasMicrosecondsFromTheFirstRequest() throws IOException {
        Trace trace = read(
                "fio version 3 iolog",
                "5 /dev/vda add",
                "7 /dev/vda open",
                "100 /dev/vda read 4096 8192",
                "250 /dev/vda write 512 1024",
                "250 /dev/vda sync 0 0",
                "240 /dev/vda trim 8192 4096",
                "300 /dev/vda close");

        assertThat(told(trace))
                .containsExactly(
                        "0 READ 4096 8192", "150000 WRITE 512 1024", "150000 SYNC 0 0", "150000 TRIM 8192 4096");
        assertThat(trace.summary())
                .isEqualTo(new TraceSummary(4, 1, 1, 1, 1024, 8192, 4096, 4096, 12288, 512, 150_000));
    }

    /** fio: a wait counts from the one before, and less than 100 us is left out. */
    @Test
    void iologVersion2_addsItsWaits() throws IOException {
        Trace trace = read(
                "fio version 2 iolog",
                "x add",
                "x open",
                "x wait 1000 0",
                "x read 0 512",
                "x wait 99 0",
                "x wait 500 0",
                "x write 512 512",
                "x datasync 0 0",
                "x close");

        assertThat(told(trace)).containsExactly("1000000 READ 0 512", "1500000 WRITE 512 512", "1500000 SYNC 0 0");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void blktrace_takesQueuedRequestsInEitherByteOrder(boolean little) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(1000).order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        record(out, 5, 0, 12, 0 | NOTIFY, 12);
        record(out, 1_000, 8, 4096, 1, 0);
        record(out, 1_500, 8, 4096, 7, 0);
        record(out, 3_000, 16, 512, 1 | WRITE, 24);
        record(out, 4_000, 24, 1024, 1 | WRITE | DISCARD, 0);
        record(out, 5_000, 0, 0, 1 | WRITE | FLUSH, 0);
        Path file = Files.write(folder.resolve("x.bin"), java.util.Arrays.copyOf(out.array(), out.position()));

        assertThat(told(Trace.read(file, TraceRules.AS_RECORDED)))
                .containsExactly("0 READ 4096 4096", "2000 WRITE 8192 512", "3000 TRIM 12288 1024", "4000 SYNC 0 0");
        Path cut = Files.write(folder.resolve("y.bin"), java.util.Arrays.copyOf(out.array(), 200));
        assertThatThrownBy(() -> Trace.read(cut, TraceRules.AS_RECORDED))
                .hasMessage(cut + ": the last of 4 records is cut off: copy the file again");
    }

    @Test
    void csv_namesColumnsAndUnit() throws IOException {
        assertThat(told(read(
                        "host,Offset,length,op,time_ms", "a,512,1024,R,1.5", "", "b, 0 , 512 , discard , 2.0000015")))
                .containsExactly("0 READ 512 1024", "500002 TRIM 0 512");
        assertThat(told(read("time_s,op,offset,length", "1e3,write,0,512", "1000.000000001,flush,0,0")))
                .containsExactly("0 WRITE 0 512", "1 SYNC 0 0");
    }

    @Test
    void rules_changeTimesOffsetsAndWhatIsLeft() throws IOException {
        String[] lines = {
            "time_us,op,offset,length", "0,read,40960,100", "10,write,8192,4096", "30,sync,0,0", "40,read,1000000,513"
        };
        TraceRules rules = new TraceRules(false, 200, 1024, 4, Set.of(TraceOp.WRITE, TraceOp.SYNC));
        Path file = write(lines);

        assertThat(told(Trace.read(file, rules))).containsExactly("0 READ 10240 1024", "20000 READ 249856 1024");
        assertThat(told(Trace.read(file, new TraceRules(true, 100, 512, 1, Set.of(TraceOp.SYNC)))))
                .containsExactly("0 READ 40960 512", "0 WRITE 8192 4096", "0 READ 999936 1024");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hello|:1: neither an iolog of fio",
                "op,offset,length|:1: neither an iolog of fio",
                "time_us,op,offset|:1: no column length",
                "time_us,op,offset,length;1,read,0|:2: 3 values for 4 columns",
                "time_us,op,offset,length;1,jump,0,512|:2: unknown op 'jump'",
                "time_us,op,offset,length;x,read,0,512|:2: time 'x' is not a number",
                "time_us,op,offset,length;1,read,0,5.5|:2: '5.5' is not a whole number of bytes",
                "time_us,op,offset,length;1,read,0,500|:2: offset 0 and length 500 are not multiples of 512",
                "time_us,op,offset,length;1,read,-512,512|:2: offset -512",
                "time_us,op,offset,length;1,read,0,0|:2: a request of 0 bytes",
                "time_us,op,offset,length;1,sync,0,0|: no read, write or trim to replay",
                "fio version 3 iolog;5 x|:2: no action: the line is cut off",
                "fio version 3 iolog;5 x explode|:2: action 'explode' without offset and length",
                "fio version 3 iolog;5 x wait 5 5|:2: unknown action 'wait'",
                "fio version 3 iolog;5 x read 5|:2: no length: the line is cut off",
                "fio version 3 iolog;a x read 5 5|:2: timestamp 'a' is not a whole number",
                "fio version 1 iolog|:1: neither"
            })
    void malformedTrace_isRefusedInOneLine(String text, String message) throws IOException {
        Path file = write(text.split(";"));

        assertThatThrownBy(() -> Trace.read(file, TraceRules.AS_RECORDED))
                .isInstanceOf(TraceException.class)
                .hasMessageStartingWith(file + message)
                .hasMessageNotContaining("\n");
    }

    @Test
    void missingOrEmptyTrace_isRefused() throws IOException {
        Path empty = write();

        assertThatThrownBy(() -> Trace.read(empty, TraceRules.AS_RECORDED)).hasMessage(empty + ": the trace is empty");
        assertThatThrownBy(() -> Trace.read(folder.resolve("none"), TraceRules.AS_RECORDED))
                .hasMessage(folder.resolve("none") + ": no such trace");
    }

    private static void record(ByteBuffer out, long timeNs, long sector, int bytes, int action, int pduBytes) {
        out.putInt(0x65617407).putInt(1).putLong(timeNs).putLong(sector).putInt(bytes);
        out.putInt(action)
                .putInt(99)
                .putInt(8 << 20)
                .putInt(0)
                .putShort((short) 0)
                .putShort((short) pduBytes);
        out.put(new byte[pduBytes]);
    }

    private static List<String> told(Trace trace) {
        return IntStream.range(0, trace.size())
                .mapToObj(i ->
                        trace.timeNs(i) + " " + trace.op(i) + " " + trace.offsetBytes(i) + " " + trace.lengthBytes(i))
                .toList();
    }

    private Trace read(String... lines) throws IOException {
        return Trace.read(write(lines), TraceRules.AS_RECORDED);
    }

    private Path write(String... lines) throws IOException {
        return Files.write(folder.resolve("trace"), List.of(lines));
    }
}
