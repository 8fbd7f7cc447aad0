package ringside.harness.blockdev;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ringside.emulator.block.BlockNodeSpec;

class NodeFilesTest {
    private static BlockNodeSpec spec(String text) {
        return Blockdev.parse(text).spec();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    driver=raw,file=a                                        | a
                    driver=raw,file=a,zone-model=host-managed                | a
                    driver=qcow2,file=a,data-file=b                          | a b
                    driver=log-writes,file.driver=raw,file.file=a,log.driver=file,log.filename=b | a b
                    driver=blkverify,test.driver=qcow2,test.file=a,raw.driver=raw,raw.file=b | a b
                    driver=quorum,vote-threshold=1,children.0.driver=raw,children.0.file=a,children.1.driver=raw,children.1.file=b | a b
                    driver=delay,average=1ms,file.driver=throttle,file.file.driver=copy-on-read,file.file.file.driver=blkdebug,file.file.file.image.driver=raw,file.file.file.image.file=a | a
                    """)
    void filesOfAllNodes_areFound(String text, String files) {
        assertThat(NodeFiles.written(spec(text))).extracting(Path::toString).containsExactly(files.split(" "));
    }

    @Test
    void whatIsOnlyRead_isNotWritten() {
        assertThat(NodeFiles.written(spec("driver=qcow2,file=a,backing.driver=raw,backing.file=b")))
                .containsExactly(Path.of("a"));
        assertThat(NodeFiles.written(spec("driver=raw,file=a,read-only=on"))).isEmpty();
    }

    @Test
    void nullAnywhere_keepsNothing() {
        assertThat(NodeFiles.keepsData(spec("driver=delay,average=1ms,file.driver=null")))
                .isFalse();
        assertThat(NodeFiles.keepsData(spec("driver=qcow2,file=a"))).isTrue();
        assertThat(NodeFiles.holdsMetadata(spec("driver=qcow2,file=a"))).isTrue();
        assertThat(NodeFiles.holdsMetadata(spec("driver=raw,file=a"))).isFalse();
    }
}
