package ringside.emulator.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.CacheMode;
import ringside.emulator.block.FileSpec;
import ringside.emulator.block.qcow2.tool.CreateOptions;
import ringside.emulator.block.qcow2.tool.Qcow2Create;
import ringside.emulator.ffi.HostProbe;
import ringside.emulator.machine.SyscallTrace.Call;
import ringside.emulator.machine.SyscallTrace.Kind;

/**
 * The five cache modes as the kernel sees them: strace follows a machine whose guest writes and flushes. What each mode
 * stands for is QEMU's table: cache.direct is O_DIRECT, cache.writeback=off makes every write stable before it completes,
 * cache.no-flush asks the kernel for nothing.
 */
class CacheModeSyscallsTest {
    private static final long IMAGE_BYTES = 8L << 20;

    @TempDir
    static Path folder;

    private static SyscallTrace trace;

    /** Every combination that is allowed: native needs O_DIRECT, mmap the page cache. */
    static Stream<CacheModeProbe.Case> cases() {
        List<CacheModeProbe.Case> all = new ArrayList<>();
        for (CacheMode cache : CacheMode.values()) {
            for (AioKind aio : AioKind.values()) {
                boolean allowed = aio.serves(cache.direct())
                        && (aio != AioKind.IO_URING || HostProbe.ioUring().ok());
                if (allowed) {
                    all.add(new CacheModeProbe.Case("raw", cache, aio));
                }
                if (allowed && aio != AioKind.MMAP) { // which does not grow
                    all.add(new CacheModeProbe.Case("qcow2", cache, aio));
                }
            }
        }
        return all.stream();
    }

    static Stream<CacheModeProbe.Case> unsafeCases() {
        return cases().filter(one -> one.cache().noFlush());
    }

    @BeforeAll
    static void runUnderStrace() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/strace")), "strace is not installed");
        assumeTrue(traceable(), "this host lets no process be traced");
        List<CacheModeProbe.Case> all = cases().toList();
        for (CacheModeProbe.Case one : all) {
            make(one);
        }
        assumeTrue(HostProbe.directIo(all.getFirst().image(folder)).ok(), "no O_DIRECT in " + folder);
        trace = SyscallTrace.of(folder, all);
    }

    private static void make(CacheModeProbe.Case one) throws IOException {
        Path file = one.image(folder);
        try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
            image.setLength(IMAGE_BYTES);
        }
        if (one.driver().equals("qcow2")) {
            FileSpec spec = new FileSpec(MachineSpecs.raw(file, CacheMode.WRITEBACK, AioKind.THREADS));
            try (BlockNode node = BlockNodes.open(spec)) {
                Qcow2Create.create(node.file(), Optional.empty(), CreateOptions.of(IMAGE_BYTES));
            }
        }
    }

    /** ptrace(2) is forbidden in many containers. */
    private static boolean traceable() throws IOException, InterruptedException {
        return new ProcessBuilder("strace", "-f", "-o", "/dev/null", "true")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    private static List<Call> of(List<Call> calls, Kind kind) {
        return calls.stream().filter(call -> call.kind() == kind).toList();
    }

    /** Whether everything that was written is stable at the end: by itself, or by a sync behind it. */
    private static boolean stableAtTheEnd(List<Call> calls) {
        boolean stable = true;
        for (Call call : calls) {
            stable = switch (call.kind()) {
                case WRITE -> stable && call.stable();
                case SYNC -> true;
                case OPEN, READ, SUBMITTED -> stable;
            };
        }
        return stable;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void imageIsOpened_withDirectIoExactlyWhereTheModeSaysSo(CacheModeProbe.Case one) {
        List<Call> opened = of(trace.calls(one), Kind.OPEN);

        assertThat(opened).isNotEmpty();
        assertThat(opened.stream().anyMatch(call -> call.flags().contains("O_RDWR")))
                .isTrue();
        assertThat(opened.stream().filter(call -> call.flags().contains("O_RDWR")))
                .allSatisfy(call -> assertThat(call.flags().contains("O_DIRECT"))
                        .as(call.text())
                        .isEqualTo(one.cache().direct()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void guestWrite_isStableBeforeItCompletesExactlyWithoutWriteCache(CacheModeProbe.Case one) {
        List<Call> written = trace.calls(one, "write");
        boolean synced = !of(written, Kind.SYNC).isEmpty() || written.stream().anyMatch(Call::stable);

        if (one.cache().writeback()) {
            assertThat(synced).as("%s", written).isFalse();
        } else {
            assertThat(synced).as("%s", written).isTrue();
            assertThat(stableAtTheEnd(written)).as("%s", written).isTrue();
        }
        if (one.aio() != AioKind.MMAP || !one.cache().writeback()) {
            assertThat(of(written, Kind.WRITE)).as("writes of a guest").isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void guestFlush_isASyncOfTheFileInEveryModeButUnsafe(CacheModeProbe.Case one) {
        List<Call> flushed = trace.calls(one, "flush");

        if (one.cache().noFlush()) {
            // A format may write its tables, which is all that a flush means here.
            assertThat(of(flushed, Kind.SYNC)).isEmpty();
            assertThat(flushed).noneMatch(Call::stable);
        } else {
            assertThat(of(flushed, Kind.SYNC)).isNotEmpty();
            assertThat(stableAtTheEnd(flushed)).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("unsafeCases")
    void unsafe_neverAsksForStability(CacheModeProbe.Case one) {
        List<Call> all = trace.calls(one);

        assertThat(of(all, Kind.SYNC)).isEmpty();
        assertThat(all).noneMatch(Call::stable);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void noFileIsOpenedSynchronous(CacheModeProbe.Case one) {
        assertThat(of(trace.calls(one), Kind.OPEN))
                .noneMatch(
                        call -> call.flags().contains("O_SYNC") || call.flags().contains("O_DSYNC"));
    }
}
