package ringside.harness.blockdev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlkdebugSpec;
import ringside.emulator.block.BlkverifySpec;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.CacheMode;
import ringside.emulator.block.CopyOnReadSpec;
import ringside.emulator.block.DelaySpec;
import ringside.emulator.block.FileSpec;
import ringside.emulator.block.LogWritesSpec;
import ringside.emulator.block.NbdSpec;
import ringside.emulator.block.Qcow2Backing;
import ringside.emulator.block.Qcow2Caches;
import ringside.emulator.block.Qcow2Options;
import ringside.emulator.block.Qcow2Spec;
import ringside.emulator.block.QuorumSpec;
import ringside.emulator.block.ThrottleLimits;
import ringside.emulator.block.ThrottleLimits.Bucket;
import ringside.emulator.block.ThrottleSpec;

class BlockdevGraphTest {
    private static final String FILE_P = "driver=file,node-name=p,filename=x";

    private static BlockNodeSpec spec(String... texts) {
        return Blockdev.parse(List.of(texts)).spec();
    }

    private static BlockNodeSpec.Raw file(String path, boolean readOnly, boolean unmap) {
        return new BlockNodeSpec.Raw(Path.of(path), CacheMode.WRITEBACK, AioKind.THREADS, false, readOnly, unmap);
    }

    @Test
    void nestedQcow2_inheritsCacheAndOpensBackingReadOnly() {
        Qcow2Spec qcow2 = (Qcow2Spec) spec("driver=qcow2,cache.direct=on,aio=native,file.driver=file,file.filename=a,"
                + "backing.driver=qcow2,backing.file.driver=file,backing.file.filename=b,backing.backing=");

        FileSpec file = (FileSpec) qcow2.file();
        assertThat(file.raw().cache()).isEqualTo(CacheMode.NONE);
        assertThat(file.raw().aio()).isEqualTo(AioKind.NATIVE);
        assertThat(file.raw().discardUnmap()).as("the format decides").isTrue();
        Qcow2Spec backing = (Qcow2Spec) ((Qcow2Backing.Node) qcow2.backing()).spec();
        assertThat(backing.options().readOnly()).isTrue();
        assertThat(backing.backing()).isEqualTo(new Qcow2Backing.None());
        BlockNodeSpec.Raw backingFile = ((FileSpec) backing.file()).raw();
        assertThat(backingFile.readOnly()).isTrue();
        assertThat(backingFile.cache()).isEqualTo(CacheMode.NONE);
    }

    @Test
    void references_areResolvedToEarlierNodes() {
        assertThat(spec(FILE_P + ",discard=unmap", "driver=qcow2,node-name=d,file=p"))
                .isEqualTo(spec("driver=qcow2,file.driver=file,file.filename=x"));
        assertThat(Blockdev.parse(List.of(FILE_P, "driver=qcow2,node-name=d,file=p"))
                        .nodeName())
                .isEqualTo("d");
    }

    @Test
    void json_isTheSameAsDottedKeys() {
        assertThat(spec("""
                                {"driver": "qcow2", "l2-cache-size": 1048576, "lazy-refcounts": true, "backing": null,
                                 "file": {"driver": "file", "filename": "a,b", "cache": {"direct": true}}}"""))
                .isEqualTo(spec("driver=qcow2,l2-cache-size=1M,lazy-refcounts=on,backing=,file.driver=file,"
                        + "file.filename=a,,b,file.cache.direct=on"));
    }

    @Test
    void everyQcow2Option_isUnderstood() {
        Qcow2Spec qcow2 =
                (Qcow2Spec) spec("driver=qcow2,file=a,data-file.driver=file,data-file.filename=d,read-only=on,"
                        + "discard=unmap,lazy-refcounts=off,l2-cache-size=2M,l2-cache-entry-size=4k,refcount-cache-size=256k,"
                        + "cache-clean-interval=0,overlap-check=all,locking=sharded,continuation=virtual-thread,snapshot=s1,"
                        + "follow-paths.0=u,follow-paths.1=v");

        assertThat(qcow2.dataFile()).contains(new FileSpec(file("d", true, true)));
        assertThat(qcow2.options())
                .isEqualTo(new Qcow2Options(
                        true,
                        true,
                        Optional.of(false),
                        new Qcow2Caches(2 << 20, 4096, 256 << 10, 0, -1),
                        Qcow2Options.OverlapCheck.ALL,
                        Qcow2Options.Locking.SHARDED,
                        Qcow2Options.Continuation.VIRTUAL_THREAD,
                        Optional.of("s1"),
                        List.of(Path.of("u"), Path.of("v"))));
    }

    @Test
    void rawOverFileNode_isOneRawNode() {
        assertThat(spec("driver=raw,discard=unmap,file.driver=file,file.filename=a"))
                .isEqualTo(file("a", false, true));
        assertThat(spec(FILE_P, "driver=raw,file=p")).isEqualTo(file("x", false, false));
    }

    @Test
    void rawOverFilter_keepsTheFilterAndItsSize() {
        assertThat(spec("driver=raw,file.driver=delay,file.average=1ms,file.file.driver=file,file.file.filename=a"))
                .isEqualTo(new DelaySpec(file("a", false, false), 1_000_000, 1_000_000, 0));
    }

    @Test
    void throttle_takesLimitsAndGroup() {
        assertThat(spec(
                        FILE_P,
                        "driver=throttle,file=p,throttle-group=g,limits.iops-total=1000,limits.iops-total-max=2k,"
                                + "limits.iops-total-max-length=3,limits.iops-size=8k,limits.bps-read=1M"))
                .isEqualTo(new ThrottleSpec(
                        new FileSpec(file("x", false, false)),
                        "g",
                        new ThrottleLimits(
                                Bucket.UNLIMITED,
                                new Bucket(1 << 20, 0, 1),
                                Bucket.UNLIMITED,
                                new Bucket(1000, 2048, 3),
                                Bucket.UNLIMITED,
                                Bucket.UNLIMITED,
                                8192)));
    }

    @Test
    void blkdebug_takesRulesInPlaceAndFromAFile(@TempDir Path folder) throws IOException {
        Path rules = Files.writeString(folder.resolve("rules"), """
                # a comment
                [inject-error]
                event = "l2_load"
                errno = "28"
                once = "on"
                [set-state "first"]
                event = "l2_update"
                new_state = "2"
                """);

        assertThat(spec("driver=blkdebug,image.driver=file,image.filename=x,config=" + rules
                        + ",inject-error.0.event=pwritev,inject-error.0.sector=7,inject-error.0.iotype=write,"
                        + "inject-error.0.state=2,inject-error.0.latency=5us,inject-error.0.errno=0"))
                .isEqualTo(new BlkdebugSpec(
                        new FileSpec(file("x", false, false)),
                        List.of(
                                new BlkdebugSpec.Injection("l2_load", 0, List.of(), 28, -1, true, 0),
                                new BlkdebugSpec.Injection("pwritev", 2, List.of("write"), 0, 7, false, 5000)),
                        List.of(new BlkdebugSpec.Transition("l2_update", 0, 2)),
                        0));
    }

    @Test
    void nodesWithTwoChildren_findBoth() {
        FileSpec x = new FileSpec(file("x", false, false));
        FileSpec y = new FileSpec(file("y", false, false));
        assertThat(spec(FILE_P, "driver=blkverify,test=p,raw.driver=file,raw.filename=y"))
                .isEqualTo(new BlkverifySpec(x, y));
        assertThat(spec(FILE_P, "driver=blklogwrites,file=p,log.driver=file,log.filename=y,log-sector-size=4k"))
                .isEqualTo(new LogWritesSpec(x, y, 4096, false));
        assertThat(spec(
                        FILE_P,
                        "driver=quorum,vote-threshold=2,rewrite-corrupted=on,children.0=p,children.1.driver=file,"
                                + "children.1.filename=y"))
                .isEqualTo(new QuorumSpec(List.of(x, y), 2, true, false));
        assertThat(spec(FILE_P, "driver=copy-on-read,file=p")).isEqualTo(new CopyOnReadSpec(x));
    }

    @Test
    void nbdServer_isASocketOrAnAddress() {
        assertThat(spec("driver=nbd,server.type=unix,server.path=/s,export=e,reconnect-delay=3"))
                .isEqualTo(new NbdSpec("unix:/s", "e", false, 3));
        assertThat(spec("driver=nbd,server.type=inet,server.host=h,server.port=1,read-only=on"))
                .isEqualTo(new NbdSpec("h:1", "", true, 0));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    driver=qcow2,file.driver=file,file.filname=x        | file: filename is missing
                    driver=qcow2,file.driver=file,file.filename=x,file.colour=red | file: driver=file has no option 'colour': use driver, node-name, filename
                    driver=qcow2,file=a,backing=b                       | backing=b: no node of this name comes before
                    driver=qcow2,file=a,cache=none,cache.direct=on      | cache is given as a value and as cache.direct
                    driver=qcow2,file=a,cache.direct=on,cache.no-flush=on | cache.no-flush=on goes with neither
                    driver=qcow2,file=a,cache.direct=yes                | cache.direct=yes is neither on nor off
                    driver=qcow2,file=a,locking=none                    | locking: unknown value 'none': use image, sharded
                    driver=qcow2,file=a,l2-cache-entry-size=100         | l2-cache-entry-size 100 is not a power of two
                    driver=delay,file=a,average=1ms                     | file=a: no node of this name comes before
                    driver=delay,file.driver=null                       | average is missing
                    driver=delay,file.driver=null,average=1ms,p99=1s    | p99 must be from 1 to 14.9 times
                    driver=delay,file.driver=null,average=1ms,seed=x    | seed: 'x' is not a whole number
                    driver=throttle,file.driver=null,limits.iops-total=1,limits.iops-read=1 | iops-total goes with neither
                    driver=throttle,file.driver=null,limits.bps-total-max=1 | limits.bps-total: the -max of a burst needs
                    driver=throttle,file.driver=null,limits.iops=1      | driver=throttle has no option 'limits.iops': use
                    driver=blkdebug,image.driver=null,inject-error.0.event=moon | inject-error.0.event: unknown event 'moon'
                    driver=blkdebug,image.driver=null,inject-error.0.errno=5 | inject-error.0.event is missing
                    driver=blkdebug,image.driver=null,inject-error.0.event=none,inject-error.0.errno=EMOON | 'EMOON' is neither
                    driver=blkdebug,image.driver=null,inject-error.1.event=none | has no option 'inject-error.1.event'
                    driver=quorum,children.0.driver=null,vote-threshold=1 | children.1 is missing
                    driver=nbd                                          | server is missing
                    driver=nbd,server.type=tcp                          | server.type: unknown type 'tcp'
                    {"driver": "null", "size": }                        | not valid JSON
                    """)
    void wrongGraph_isRefusedInOneLine(String text, String message) {
        assertThatThrownBy(() -> Blockdev.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("--blockdev: ")
                .hasMessageContaining(message)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void nodeThatIsNotUsedOnce_isRefused() {
        assertThatThrownBy(() -> spec(FILE_P, "driver=null")).hasMessageContaining("node 'p' is not used");
        assertThatThrownBy(() -> spec(FILE_P, "driver=blkverify,test=p,raw=p"))
                .hasMessageContaining("node 'p' is used twice");
        assertThatThrownBy(() -> spec(FILE_P, FILE_P, "driver=raw,file=p"))
                .hasMessageContaining("node-name=p is given twice");
        assertThatThrownBy(() -> spec("driver=null", "driver=null"))
                .hasMessageContaining("give the others a node-name");
    }

    @Test
    void graphWithoutEnd_isRefused() {
        String text = "driver=copy-on-read," + "file.".repeat(70) + "driver=null";
        StringBuilder all = new StringBuilder("driver=null");
        for (int i = 1; i <= 70; i++) {
            all.append(",").append("file.".repeat(i)).append("driver=copy-on-read");
        }
        assertThatThrownBy(() -> spec(text)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> spec(all.toString().replaceFirst("driver=null", "driver=copy-on-read")))
                .hasMessageContaining("more than 64 nodes on top of one another");
    }
}
