package ringside.emulator.block;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;
import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.LibC;

/** The blocking side of a raw node: system calls on its descriptor, through aligned buffers where O_DIRECT wants them. */
final class RawFile implements BlockFile {
    private static final long STEP_BYTES = 1 << 20;
    private static final int BUFFER_ALIGN_BYTES = 4096;

    private final RawNode node;

    /** Held while a part of a block of O_DIRECT is read, changed and written. */
    private final ReentrantLock partialBlocks = new ReentrantLock();

    RawFile(RawNode node) {
        this.node = node;
    }

    @Override
    public void read(long offsetBytes, MemorySegment into) {
        if (isDirect(offsetBytes, into)) {
            readWhole(offsetBytes, into);
            return;
        }
        inSteps(offsetBytes, into.byteSize(), (block, buffer, skip, done, length) -> {
            readWhole(block, buffer);
            MemorySegment.copy(buffer, skip, into, done, length);
        });
    }

    @Override
    public void write(long offsetBytes, MemorySegment from) {
        requireInside(offsetBytes, from.byteSize());
        if (isDirect(offsetBytes, from)) {
            writeWhole(offsetBytes, from);
        } else {
            writeInSteps(offsetBytes, from.byteSize(), from);
        }
        stable();
    }

    /** @param from what to write, or null for zeroes */
    private void writeInSteps(long offsetBytes, long lengthBytes, MemorySegment from) {
        inSteps(offsetBytes, lengthBytes, (block, buffer, skip, done, length) -> {
            boolean partial = skip != 0 || length != buffer.byteSize();
            Runnable change = () -> {
                if (partial) {
                    readWhole(block, buffer);
                }
                if (from == null) {
                    buffer.asSlice(skip, length).fill((byte) 0);
                } else {
                    MemorySegment.copy(from, done, buffer, skip, length);
                }
                writeWhole(block, buffer);
            };
            if (!partial) {
                change.run();
            } else if (node.serialises()) {
                // Loops change parts of blocks, too: the guest's sectors are smaller.
                node.serialiser().alone(block, block + buffer.byteSize(), change);
            } else {
                alone(change);
            }
        });
    }

    private void alone(Runnable change) {
        partialBlocks.lock();
        try {
            change.run();
        } finally {
            partialBlocks.unlock();
        }
    }

    /** One step of a transfer through a buffer: whole blocks from {@code block}, of which a part is wanted. */
    private interface Step {
        void go(long block, MemorySegment buffer, long skip, long done, long length);
    }

    private void inSteps(long offsetBytes, long lengthBytes, Step step) {
        DirectIoAlignment alignment = node.alignment();
        try (Arena arena = Arena.ofConfined()) {
            long room = Math.min(
                    STEP_BYTES, alignment.blockEnd(offsetBytes + lengthBytes) - alignment.blockStart(offsetBytes));
            MemorySegment buffer = arena.allocate(room, BUFFER_ALIGN_BYTES);
            for (long done = 0; done < lengthBytes; ) {
                long block = alignment.blockStart(offsetBytes + done);
                long skip = offsetBytes + done - block;
                long length = Math.min(lengthBytes - done, room - skip);
                long whole = alignment.blockEnd(skip + length);
                step.go(block, buffer.asSlice(0, whole), skip, done, length);
                done += length;
            }
        }
    }

    private boolean isDirect(long offsetBytes, MemorySegment segment) {
        return segment.isNative()
                && node.alignment().wholeBlocks(offsetBytes, segment.byteSize())
                && segment.address() % node.alignment().memoryBytes() == 0;
    }

    private void readWhole(long offsetBytes, MemorySegment into) {
        long size = into.byteSize();
        for (long done = 0; done < size; ) {
            long n = LibC.pread(node.fd(), into.address() + done, size - done, offsetBytes + done);
            if (n == -Errno.EINTR) {
                continue;
            }
            check(n, "read", offsetBytes + done);
            if (n == 0) {
                into.asSlice(done).fill((byte) 0);
                return;
            }
            done += n;
        }
    }

    private void writeWhole(long offsetBytes, MemorySegment from) {
        long size = from.byteSize();
        for (long done = 0; done < size; ) {
            long n = LibC.pwrite(node.fd(), from.address() + done, size - done, offsetBytes + done);
            if (n == -Errno.EINTR) {
                continue;
            }
            check(n == 0 ? -Errno.ENOSPC : n, "write", offsetBytes + done);
            done += n;
        }
    }

    private void requireInside(long offsetBytes, long lengthBytes) {
        if (node.readOnly()) {
            throw failed(Errno.EROFS, "write", offsetBytes);
        }
        if (!node.grows() && offsetBytes + lengthBytes > node.lengthBytes()) {
            throw failed(Errno.EIO, "write behind the end", offsetBytes);
        }
    }

    /** Without a write cache, what was written is stable before the call returns. */
    private void stable() {
        if (!node.writeback()) {
            flush();
        }
    }

    @Override
    public void writeZeroes(long offsetBytes, long lengthBytes, boolean mayUnmap) {
        requireInside(offsetBytes, lengthBytes);
        boolean unmap = mayUnmap && node.spec().discardUnmap();
        int mode = unmap ? LibC.FALLOC_FL_PUNCH_HOLE : LibC.FALLOC_FL_ZERO_RANGE;
        int keep = unmap || !node.grows() ? LibC.FALLOC_FL_KEEP_SIZE : 0;
        long end = offsetBytes + lengthBytes;
        if (LibC.fallocate(node.fd(), mode | keep, offsetBytes, lengthBytes) != 0) {
            writeInSteps(offsetBytes, lengthBytes, null);
        } else if (node.grows() && lengthBytes() < end) {
            lengthenTo(end);
        }
        stable();
    }

    /** Not by ftruncate, which would cut off what another thread writes behind this end meanwhile. */
    private void lengthenTo(long end) {
        if (LibC.fallocate(node.fd(), 0, end - 1, 1) != 0) {
            writeInSteps(end - 1, 1, null);
        }
    }

    @Override
    public void discard(long offsetBytes, long lengthBytes) {
        requireInside(offsetBytes, lengthBytes);
        if (node.spec().discardUnmap()) {
            // A file system that cannot free a part of a file keeps it: nothing is promised.
            LibC.fallocate(node.fd(), LibC.FALLOC_FL_PUNCH_HOLE | LibC.FALLOC_FL_KEEP_SIZE, offsetBytes, lengthBytes);
        }
    }

    @Override
    public void flush() {
        if (!node.spec().cache().noFlush()) {
            check(LibC.fdatasync(node.fd()), "fdatasync", 0);
        }
    }

    @Override
    public long lengthBytes() {
        return check(LibC.size(node.fd()), "lseek", 0);
    }

    @Override
    public void truncate(long lengthBytes) {
        if (!node.grows()) {
            node.resize(lengthBytes);
            return;
        }
        check(LibC.ftruncate(node.fd(), lengthBytes), "ftruncate", lengthBytes);
    }

    private long check(long result, String what, long offsetBytes) {
        if (result < 0) {
            throw failed((int) -result, what, offsetBytes);
        }
        return result;
    }

    private BlockIoException failed(int errno, String what, long offsetBytes) {
        return new BlockIoException(
                errno, "image %s: %s at byte %d".formatted(node.spec().file(), what, offsetBytes));
    }
}
