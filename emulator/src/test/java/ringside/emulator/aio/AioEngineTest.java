package ringside.emulator.aio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.LibC;
import ringside.emulator.trace.CounterId;
import ringside.emulator.trace.TimelineTable;
import ringside.emulator.trace.TracePoint;

class AioEngineTest {
    private static final int FILE_BYTES = 256 << 10;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void randomOperations_leaveTheFileAsTheModelSays(AioKind kind) throws IOException {
        byte[] model = new byte[FILE_BYTES];
        Path file = folder.resolve("image");
        Files.write(file, model);
        try (EngineFixture f = new EngineFixture(kind, file)) {
            Random random = new Random(1);
            IovecArray iovecs = new IovecArray();
            for (int i = 0; i < 400; i++) {
                randomOperation(f, random, iovecs, model);
            }
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(model);
    }

    private static void randomOperation(EngineFixture f, Random random, IovecArray iovecs, byte[] model) {
        int offset = random.nextInt(FILE_BYTES - 20_000);
        MemorySegment buffer = f.buffer(1 + random.nextInt(20_000));
        int length = (int) buffer.byteSize();
        boolean write = random.nextBoolean();
        if (write) {
            byte[] data = new byte[length];
            random.nextBytes(data);
            MemorySegment.copy(data, 0, buffer, ValueLayout.JAVA_BYTE, 0, length);
            System.arraycopy(data, 0, model, offset, length);
        }
        AioOp op = f.op(write ? AioOpcode.WRITE : AioOpcode.READ, buffer, offset);
        op.flags = write && random.nextBoolean() ? LibC.RWF_DSYNC : 0;
        if (random.nextBoolean()) {
            op.opcode = write ? AioOpcode.WRITEV : AioOpcode.READV;
            op.iovCount = split(iovecs, buffer, 1 + random.nextInt(9));
            op.address = iovecs.address();
        }
        assertThat(f.run(op)).isEqualTo(length);
        assertThat(buffer.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(Arrays.copyOfRange(model, offset, offset + length));
    }

    private static int split(IovecArray iovecs, MemorySegment buffer, int parts) {
        iovecs.ensureCapacity(parts);
        long done = 0;
        for (int i = 0; i < parts; i++) {
            long until = buffer.byteSize() * (i + 1) / parts;
            iovecs.set(i, buffer.address() + done, until - done);
            done = until;
        }
        return parts;
    }

    @ParameterizedTest
    @EnumSource
    void readAcrossTheEnd_isFilledWithZeroes(AioKind kind) throws IOException {
        byte[] content = new byte[1000];
        Arrays.fill(content, (byte) 7);
        Path file = folder.resolve("image");
        Files.write(file, content);
        try (EngineFixture f = new EngineFixture(kind, file)) {
            MemorySegment buffer = f.buffer(4096);
            for (boolean vectored : new boolean[] {false, true}) {
                buffer.fill((byte) 0x55);
                AioOp op = f.op(vectored ? AioOpcode.READV : AioOpcode.READ, buffer, 0);
                IovecArray iovecs = new IovecArray();
                if (vectored) {
                    op.iovCount = split(iovecs, buffer, 3);
                    op.address = iovecs.address();
                }
                assertThat(f.run(op)).isEqualTo(4096);
                assertThat(buffer.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(Arrays.copyOf(content, 4096));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void readBeyondTheEnd_isAllZeroes(AioKind kind) {
        try (EngineFixture f = new EngineFixture(kind, folder.resolve("empty"))) {
            MemorySegment buffer = f.buffer(512).fill((byte) 0x55);
            assertThat(f.run(f.op(AioOpcode.READ, buffer, 1 << 20))).isEqualTo(512);
            assertThat(buffer.toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void closedDescriptor_completesWithEbadf(AioKind kind) {
        try (EngineFixture f = new EngineFixture(kind, folder.resolve("image"))) {
            for (AioOpcode opcode : new AioOpcode[] {AioOpcode.READ, AioOpcode.WRITE, AioOpcode.FDATASYNC}) {
                AioOp op = f.op(opcode, f.buffer(512), 0);
                op.fd = 1 << 20;
                assertThat(f.run(op)).as(opcode.name()).isEqualTo(-Errno.EBADF);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusedOperationInABatch_doesNotHoldUpTheOthers(AioKind kind) throws IOException {
        Path file = Files.write(folder.resolve("image"), new byte[9 * 512]);
        try (EngineFixture f = new EngineFixture(kind, file)) {
            AioOp[] ops = new AioOp[9];
            for (int i = 0; i < ops.length; i++) {
                ops[i] = f.op(AioOpcode.WRITE, f.buffer(512).fill((byte) i), i * 512L);
                ops[i].fd = i % 3 == 0 ? 1 << 20 : f.fd;
                f.engine.submit(ops[i]);
            }
            f.engine.commit();
            f.loop.blockUntil(() -> f.completed == ops.length);
            for (int i = 0; i < ops.length; i++) {
                assertThat(ops[i].result).isEqualTo(i % 3 == 0 ? -Errno.EBADF : 512);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void moreThanTheDepth_waitsAndCompletesWithNothingLost(AioKind kind) throws IOException {
        int count = 3000;
        Path file = Files.write(folder.resolve("image"), new byte[count * 512]);
        try (EngineFixture f = new EngineFixture(kind, file)) {
            MemorySegment data = f.buffer(count * 512L);
            for (int i = 0; i < count; i++) {
                MemorySegment part = data.asSlice(i * 512L, 512).fill((byte) i);
                f.engine.submit(f.op(AioOpcode.WRITE, part, i * 512L));
            }
            assertThat(f.engine.inFlight()).isEqualTo(count);
            f.engine.commit();
            f.loop.blockUntil(() -> f.engine.inFlight() == 0);
            assertThat(f.completed).isEqualTo(count);
            assertThat(Files.readAllBytes(file)).isEqualTo(data.toArray(ValueLayout.JAVA_BYTE));
            assertThat(f.loop.counters().value(CounterId.AIO_OPS)).isEqualTo(count);
        }
    }

    @ParameterizedTest
    @EnumSource
    void submissionFromACompletion_runsWithoutAnotherCommit(AioKind kind) {
        try (EngineFixture f = new EngineFixture(kind, folder.resolve("image"))) {
            MemorySegment buffer = f.buffer(4096);
            int rounds = 2000;
            AioOp[] self = new AioOp[1];
            self[0] = new AioOp(op -> {
                assertThat(op.result).isEqualTo(4096);
                if (++f.completed < rounds) {
                    f.engine.submit(self[0]);
                }
            });
            f.engine.submit(f.prepare(self[0], AioOpcode.READ, buffer.address(), 4096, 0));
            f.engine.commit();
            f.loop.blockUntil(() -> f.completed == rounds);
            assertThat(f.engine.inFlight()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void fallocateAndDatasync_areCarriedOut(AioKind kind) throws IOException {
        Path file = folder.resolve("image");
        byte[] content = new byte[64 << 10];
        Arrays.fill(content, (byte) 9);
        Files.write(file, content);
        try (EngineFixture f = new EngineFixture(kind, file)) {
            AioOp punch = f.prepare(f.op(), AioOpcode.FALLOCATE, 0, 8192, 4096);
            punch.flags = LibC.FALLOC_FL_PUNCH_HOLE | LibC.FALLOC_FL_KEEP_SIZE;
            assertThat(f.run(punch)).isIn(0, -Errno.EOPNOTSUPP);
            assertThat(f.run(f.prepare(f.op(), AioOpcode.FDATASYNC, 0, 0, 0))).isZero();
            if (punch.result == 0) {
                Arrays.fill(content, 4096, 4096 + 8192, (byte) 0);
            }
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(content);
    }

    @ParameterizedTest
    @EnumSource
    void sampledOperation_isStampedAtHandOverAndAtCompletion(AioKind kind) {
        try (EngineFixture f = new EngineFixture(kind, folder.resolve("image"))) {
            TimelineTable timelines = new TimelineTable(4, 1);
            timelines.begin(2);
            AioOp op = f.op(AioOpcode.READ, f.buffer(512), 0);
            op.timeline = timelines;
            op.timelineHead = 2;
            long before = System.nanoTime();
            f.run(op);
            long after = System.nanoTime();
            assertThat(timelines.stampNs(2, TracePoint.AIO_SUBMIT)).isBetween(before, after);
            assertThat(timelines.stampNs(2, TracePoint.AIO_COMPLETE))
                    .isBetween(timelines.stampNs(2, TracePoint.AIO_SUBMIT), after);
        }
    }
}
