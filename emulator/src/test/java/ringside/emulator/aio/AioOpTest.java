package ringside.emulator.aio;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import ringside.emulator.ffi.Errno;

class AioOpTest {
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment buffer = arena.allocate(4096).fill((byte) 0x55);
    private final IovecArray iovecs = new IovecArray();

    private AioOp op(AioOpcode opcode) {
        AioOp op = new AioOp(_ -> {});
        op.opcode = opcode;
        op.address = buffer.address();
        op.lengthBytes = buffer.byteSize();
        op.begin();
        return op;
    }

    private AioOp vectored(AioOpcode opcode) {
        AioOp op = op(opcode);
        iovecs.set(0, buffer.address(), 1000);
        iovecs.set(1, buffer.address() + 1000, 3096);
        op.address = iovecs.address();
        op.iovCount = 2;
        return op;
    }

    @Test
    void shortTransfer_goesOnWhereItStopped() {
        AioOp op = op(AioOpcode.WRITE);
        assertThat(op.absorb(1024)).isFalse();
        assertThat(op.doneBytes()).isEqualTo(1024);
        assertThat(op.remainingBytes()).isEqualTo(3072);
        assertThat(op.absorb(3072)).isTrue();
        assertThat(op.result).isEqualTo(4096);
    }

    @Test
    void shortVectoredTransfer_takesTheDonePartOffTheArray() {
        AioOp op = vectored(AioOpcode.WRITEV);
        assertThat(op.absorb(1500)).isFalse();
        MemorySegment entries = MemorySegment.ofAddress(op.address).reinterpret(32);
        assertThat(entries.get(ValueLayout.JAVA_LONG, 8)).isZero();
        assertThat(entries.get(ValueLayout.JAVA_LONG, 16)).isEqualTo(buffer.address() + 1500);
        assertThat(entries.get(ValueLayout.JAVA_LONG, 24)).isEqualTo(2596);
        assertThat(op.absorb(2596)).isTrue();
        assertThat(op.result).isEqualTo(4096);
    }

    @Test
    void interruptedOrBusy_isSubmittedAgain() {
        AioOp op = op(AioOpcode.FDATASYNC);
        assertThat(op.absorb(-Errno.EINTR)).isFalse();
        assertThat(op.absorb(-Errno.EAGAIN)).isFalse();
        assertThat(op.absorb(0)).isTrue();
        assertThat(op.result).isZero();
    }

    @Test
    void endOfFileAfterAShortRead_fillsOnlyTheRest() {
        AioOp op = op(AioOpcode.READ);
        op.absorb(512);
        assertThat(op.absorb(0)).isTrue();
        assertRestIsZero(op);
    }

    @Test
    void invalidRestOfADirectRead_isTheEndOfTheFile() {
        AioOp op = vectored(AioOpcode.READV);
        op.absorb(512);
        assertThat(op.absorb(-Errno.EINVAL)).isTrue();
        assertRestIsZero(op);
    }

    private void assertRestIsZero(AioOp op) {
        assertThat(op.result).isEqualTo(4096);
        assertThat(buffer.asSlice(0, 512).toArray(ValueLayout.JAVA_BYTE)).containsOnly(0x55);
        assertThat(buffer.asSlice(512).toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
    }

    @Test
    void invalidFirstRead_isAnError() {
        AioOp op = op(AioOpcode.READ);
        assertThat(op.absorb(-Errno.EINVAL)).isTrue();
        assertThat(op.result).isEqualTo(-Errno.EINVAL);
    }

    @Test
    void writeWithoutProgress_isAnError() {
        AioOp op = op(AioOpcode.WRITE);
        assertThat(op.absorb(0)).isTrue();
        assertThat(op.result).isEqualTo(-Errno.ENOSPC);
    }
}
