package ringside.harness.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ringside.harness.HarnessException;
import ringside.harness.suite.Option;
import ringside.harness.suite.SuiteFile;

class NodeTextTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            driver=null           | driver=null,size=1073741824,latency-ns=0,read-zeroes=off
            driver=raw aio=native | driver=raw,file=/i,cache=none,aio=native,aio-fallback=off,read-only=on,discard=ignore
            driver=qcow2          | driver=qcow2,read-only=on,discard=ignore,locking=lock-free-reads,continuation=callback,\
            file.driver=file,file.filename=/i,file.cache=none,file.aio=threads,file.aio-fallback=off,file.read-only=on,file.discard=unmap
            driver=null iops-total=100 bps-total=1M | driver=throttle,limits.iops-total=100,limits.bps-total=1048576,\
            file.driver=null,file.size=1073741824,file.latency-ns=0,file.read-zeroes=off
            driver=null delay-average=100us | driver=delay,average=100000,p99=400000,\
            file.driver=null,file.size=1073741824,file.latency-ns=0,file.read-zeroes=off
            """)
    void options_becomeOneNode(String settings, String text) {
        assertThat(NodeText.of(options(settings), "/i", false)).isEqualTo(text);
    }

    @Test
    void caches_areSaidWhereTheyAreSet() {
        String text = NodeText.of(options("driver=qcow2 l2-cache-size=1M l2-cache-entry-size=4k"), "/i", true);

        assertThat(text)
                .contains(",l2-cache-size=1048576,l2-cache-entry-size=4096,")
                .contains("read-only=off");
    }

    @Test
    void throttle_isOverTheDelay() {
        String text = NodeText.of(options("driver=null iops-total=100 delay-average=1ms"), "", false);

        assertThat(text).startsWith("driver=throttle,").contains("file.driver=delay,", "file.file.driver=null,");
    }

    @Test
    void template_replacesEverythingAndDoublesCommas() {
        Map<String, String> options = options("driver=qcow2");
        options.put("blockdev", "driver=blkdebug,image.driver=raw,image.file={image},image.cache={cache}");

        assertThat(NodeText.of(options, "/a,b", false))
                .isEqualTo("driver=blkdebug,image.driver=raw,image.file=/a,,b,image.cache=none");
    }

    @Test
    void unknownPlaceholder_isRefusedWithItsLine() {
        assertThatThrownBy(() -> SuiteFile.parse("disk: {blockdev: 'driver=raw,file={disk}'}\n", "suite.yaml"))
                .isInstanceOf(HarnessException.class)
                .hasMessageContaining("suite.yaml:1")
                .hasMessageContaining("{disk}")
                .hasMessageContaining("image");
    }

    private static Map<String, String> options(String settings) {
        Map<String, String> options = new HashMap<>();
        for (Option option : Option.values()) {
            options.put(option.label(), option.defaultValue());
        }
        for (String setting : settings.split(" ")) {
            options.put(setting.split("=", 2)[0], setting.split("=", 2)[1]);
        }
        return options;
    }
}
