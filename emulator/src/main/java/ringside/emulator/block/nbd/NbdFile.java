package ringside.emulator.block.nbd;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.BlockIoException;
import ringside.emulator.ffi.Errno;

/** The blocking side of an NBD node: commands one after another, in blocks that the server takes. */
final class NbdFile implements BlockFile {
    private static final long STEP_BYTES = 1 << 20;
    private static final long MAX_RANGE_BYTES = 1 << 30;

    private final NbdClient client;

    /** Held while a part of a block is read, changed and written. */
    private final ReentrantLock partialBlocks = new ReentrantLock();

    NbdFile(NbdClient client) {
        this.client = client;
    }

    private int block() {
        return client.export().minBlockBytes();
    }

    /** One command and its outcome. */
    NbdOp call(short command, short flags, long offsetBytes, long lengthBytes, long address) {
        CompletableFuture<Integer> outcome = new CompletableFuture<>();
        NbdOp op = new NbdOp((_, error) -> outcome.complete(error));
        op.once = true;
        op.command = command;
        op.flags = flags;
        op.offsetBytes = offsetBytes;
        op.lengthBytes = (int) lengthBytes;
        op.segmentAddress = new long[] {address};
        op.segmentBytes = new int[] {(int) lengthBytes};
        op.segmentCount = 1;
        client.submit(op);
        int error = outcome.join();
        if (error != 0) {
            throw new BlockIoException(
                    error, "nbd: command %d of %d bytes at %d".formatted(command, lengthBytes, offsetBytes));
        }
        return op;
    }

    /** A step of a transfer: whole blocks from {@code from} through a buffer, of which a part is wanted. */
    private interface Step {
        void go(long from, MemorySegment buffer, long skip, long done, long length);
    }

    private void inSteps(long offsetBytes, long lengthBytes, Step step) {
        int block = block();
        long most = Math.max(block, Math.min(STEP_BYTES, client.export().maxPayloadBytes()));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(Math.min(most, lengthBytes + 2L * block), block);
            long room = buffer.byteSize() / block * block;
            for (long done = 0; done < lengthBytes; ) {
                long from = (offsetBytes + done) / block * block;
                long skip = offsetBytes + done - from;
                long length = Math.min(lengthBytes - done, room - skip);
                long whole = (skip + length + block - 1) / block * block;
                step.go(from, buffer.asSlice(0, whole), skip, done, length);
                done += length;
            }
        }
    }

    @Override
    public void read(long offsetBytes, MemorySegment into) {
        long there = Math.clamp(lengthBytes() - offsetBytes, 0, into.byteSize());
        inSteps(offsetBytes, there, (from, buffer, skip, done, length) -> {
            call(Nbd.CMD_READ, (short) 0, from, buffer.byteSize(), buffer.address());
            MemorySegment.copy(buffer, skip, into, done, length);
        });
        into.asSlice(there).fill((byte) 0);
    }

    @Override
    public void write(long offsetBytes, MemorySegment from) {
        requireInside(offsetBytes, from.byteSize());
        writeInSteps(offsetBytes, from.byteSize(), from);
    }

    private void requireInside(long offsetBytes, long lengthBytes) {
        if (offsetBytes < 0 || lengthBytes > lengthBytes() - offsetBytes) {
            throw new BlockIoException(
                    Errno.EIO, "nbd: %d bytes at %d are behind the end".formatted(lengthBytes, offsetBytes));
        }
    }

    /** @param data what to write, or null for zeroes */
    private void writeInSteps(long offsetBytes, long lengthBytes, MemorySegment data) {
        inSteps(offsetBytes, lengthBytes, (from, buffer, skip, done, length) -> {
            boolean partial = skip != 0 || length != buffer.byteSize();
            if (partial) {
                partialBlocks.lock();
            }
            try {
                if (partial) {
                    call(Nbd.CMD_READ, (short) 0, from, buffer.byteSize(), buffer.address());
                }
                if (data == null) {
                    buffer.asSlice(skip, length).fill((byte) 0);
                } else {
                    MemorySegment.copy(data, done, buffer, skip, length);
                }
                call(Nbd.CMD_WRITE, (short) 0, from, buffer.byteSize(), buffer.address());
            } finally {
                if (partial) {
                    partialBlocks.unlock();
                }
            }
        });
    }

    @Override
    public void writeZeroes(long offsetBytes, long lengthBytes, boolean mayUnmap) {
        requireInside(offsetBytes, lengthBytes);
        boolean whole = (offsetBytes | lengthBytes) % block() == 0;
        if (!client.export().has(Nbd.SEND_WRITE_ZEROES) || !whole) {
            writeInSteps(offsetBytes, lengthBytes, null);
            return;
        }
        short flags = mayUnmap ? 0 : Nbd.CMD_FLAG_NO_HOLE;
        for (long done = 0; done < lengthBytes; done += MAX_RANGE_BYTES) {
            call(Nbd.CMD_WRITE_ZEROES, flags, offsetBytes + done, Math.min(MAX_RANGE_BYTES, lengthBytes - done), 0);
        }
    }

    /** Only whole blocks can be given up; what a discard covers in part stays. */
    @Override
    public void discard(long offsetBytes, long lengthBytes) {
        if (!client.export().has(Nbd.SEND_TRIM)) {
            return;
        }
        long from = (offsetBytes + block() - 1) / block() * block();
        long to = Math.min(offsetBytes + lengthBytes, lengthBytes()) / block() * block();
        for (long at = from; at < to; at += MAX_RANGE_BYTES) {
            call(Nbd.CMD_TRIM, (short) 0, at, Math.min(MAX_RANGE_BYTES, to - at), 0);
        }
    }

    @Override
    public void flush() {
        if (client.export().has(Nbd.SEND_FLUSH)) {
            call(Nbd.CMD_FLUSH, (short) 0, 0, 0, 0);
        }
    }

    @Override
    public long lengthBytes() {
        return client.export().sizeBytes();
    }

    @Override
    public void truncate(long lengthBytes) {
        if (lengthBytes != lengthBytes()) {
            throw new BlockIoException(Errno.EOPNOTSUPP, "nbd: truncate to " + lengthBytes);
        }
    }
}
