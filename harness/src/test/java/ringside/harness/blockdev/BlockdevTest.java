package ringside.harness.blockdev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.CacheMode;
import ringside.emulator.block.ZoneModel;
import ringside.emulator.block.ZoneSpec;

class BlockdevTest {
    @Test
    void rawNode_hasQemusDefaults() {
        BlockNodeSpec.Raw raw =
                (BlockNodeSpec.Raw) Blockdev.parse("driver=raw,file=disk.img").spec();

        assertThat(raw.file()).isEqualTo(Path.of("disk.img"));
        assertThat(raw.cache()).isEqualTo(CacheMode.WRITEBACK);
        assertThat(raw.aio()).isEqualTo(AioKind.THREADS);
        assertThat(raw.aioFallback()).isFalse();
        assertThat(raw.readOnly()).isFalse();
        assertThat(raw.discardUnmap()).isFalse();
    }

    @Test
    void everyRawOption_isUnderstood() {
        Blockdev device = Blockdev.parse("driver=raw,node-name=boot,file=disk.img,cache=none,aio=io_uring,"
                + "aio-fallback=on,read-only=on,discard=unmap");
        BlockNodeSpec.Raw raw = (BlockNodeSpec.Raw) device.spec();

        assertThat(device.nodeName()).isEqualTo("boot");
        assertThat(raw.cache()).isEqualTo(CacheMode.NONE);
        assertThat(raw.aio()).isEqualTo(AioKind.IO_URING);
        assertThat(raw.aioFallback()).isTrue();
        assertThat(raw.readOnly()).isTrue();
        assertThat(raw.discardUnmap()).isTrue();
    }

    @Test
    void zones_lieOnTopOfEitherDriver() {
        Blockdev device =
                Blockdev.parse("driver=raw,file=disk.img,zone-model=host-managed,zone-size=64M,zone-capacity=60M,"
                        + "conventional-zones=2,max-open-zones=4,max-active-zones=6,max-append-bytes=64k,zone-state=z");
        assertThat(device.spec())
                .isEqualTo(new BlockNodeSpec.Zoned(
                        Blockdev.parse("driver=raw,file=disk.img").spec(),
                        new ZoneSpec(ZoneModel.HOST_MANAGED, 64L << 20, 60L << 20, 2, 4, 6, 65536),
                        Optional.of(Path.of("z"))));
        assertThat(Blockdev.parse("driver=null,zone-model=host-aware").spec())
                .isEqualTo(new BlockNodeSpec.Zoned(
                        new BlockNodeSpec.Null(1L << 30, 0, false),
                        new ZoneSpec(ZoneModel.HOST_AWARE, 256L << 20, 0, 0, 0, 0, 512 << 10),
                        Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    zone-size=64M                                | zone-size needs zone-model=host-managed
                    zone-model=drive-managed                     | unknown zone model 'drive-managed'
                    zone-model=host-managed,zone-size=3M         | zone-size must be a power of two
                    zone-model=host-managed,max-open-zones=-1    | '-1' is not a number of zones
                    zone-model=host-managed,max-append-bytes=4G  | max-append-bytes: 4G is too large
                    zone-model=host-aware,max-open-zones=4       | zone-model=host-aware takes any write
                    """)
    void zonesThatCannotBe_areRefusedByName(String keys, String message) {
        assertThatThrownBy(() -> Blockdev.parse("driver=null," + keys)).hasMessageContaining(message);
    }

    @Test
    void doubledComma_isPartOfTheName() {
        BlockNodeSpec.Raw raw = (BlockNodeSpec.Raw)
                Blockdev.parse("driver=raw,file=a,,b.img,cache=none").spec();

        assertThat(raw.file()).isEqualTo(Path.of("a,b.img"));
        assertThat(raw.cache()).isEqualTo(CacheMode.NONE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    driver=null                                        | 1073741824 | 0      | false
                    driver=null,size=64k                               | 65536      | 0      | false
                    driver=null-co,size=2G,read-zeroes=on              | 2147483648 | 0      | true
                    driver=null,size=1MiB,latency-ns=20us              | 1048576    | 20000  | false
                    """)
    void nullNode_takesSizesAndDurations(String text, long size, long latencyNs, boolean zeroes) {
        assertThat(Blockdev.parse(text).spec()).isEqualTo(new BlockNodeSpec.Null(size, latencyNs, zeroes));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''                                    | '' is not of the form key=value
                    disk.img                              | 'disk.img' is not of the form key=value
                    driver=raw,                           | '' is not of the form key=value
                    file=disk.img                         | driver is missing: use driver=raw,file=IMAGE,
                    driver=qcow3,file=x                   | unknown driver 'qcow3': use raw, file, null, nbd, qcow2
                    driver=raw                            | file is missing
                    driver=raw,file=                      | file is missing
                    driver=raw,file=a,file=b              | file is given twice
                    driver=raw,file=a,size=1G             | driver=raw has no option 'size': use driver, node-name, file
                    driver=raw,file=a,cache=fast          | cache: unknown cache mode 'fast': use writeback, none
                    driver=raw,file=a,aio=magic           | aio: unknown aio engine 'magic': use
                    driver=raw,file=a,read-only=maybe     | read-only=maybe is neither on nor off
                    driver=raw,file=a,discard=zap         | discard: unknown mode 'zap': use unmap or ignore
                    driver=null,file=a                    | driver=null has no option 'file': use driver, node-name, size
                    driver=null,size=many                 | size: 'many' is not a size
                    driver=null,size=1000                 | size: null: size 1000 is not a positive multiple of 512
                    driver=null,latency-ns=soon           | latency-ns: 'soon' is not a duration
                    """)
    void wrongText_isRefusedInOneLine(String text, String message) {
        assertThatThrownBy(() -> Blockdev.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("--blockdev: ")
                .hasMessageContaining(message)
                .message()
                .doesNotContain("\n")
                .doesNotMatch(".*--blockdev.*--blockdev.*");
    }
}
