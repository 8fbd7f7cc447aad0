package ringside.emulator.block.filter;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.BlockIoException;

/** The blocking side of a copy-on-read node. */
record CopyOnReadFile(Copier copier, BlockFile below) implements BlockFile {
    /** A blocking write, as the copier knows it. */
    private record BlockingWrite(long fromBytes, long toBytes, CompletableFuture<Void> mayBegin)
            implements Copier.Write {
        @Override
        public void proceed() {
            mayBegin.complete(null);
        }
    }

    private void writing(long offsetBytes, long lengthBytes, Runnable write) {
        BlockingWrite entry = new BlockingWrite(offsetBytes, offsetBytes + lengthBytes, new CompletableFuture<>());
        if (!copier.enter(entry)) {
            entry.mayBegin.join();
        }
        try {
            write.run();
        } finally {
            copier.leave(entry);
        }
    }

    @Override
    public void read(long offsetBytes, MemorySegment into) {
        long length = Math.min(into.byteSize(), below.lengthBytes() - offsetBytes);
        if (length > 0 && !copier.known().covers(offsetBytes, length)) {
            CompletableFuture<Integer> outcome = new CompletableFuture<>();
            copier.copy(offsetBytes, length, outcome::complete);
            int error = outcome.join();
            if (error != 0) {
                throw new BlockIoException(
                        error, "copy-on-read: copy of %d bytes at %d".formatted(length, offsetBytes));
            }
        }
        below.read(offsetBytes, into);
    }

    @Override
    public void write(long offsetBytes, MemorySegment from) {
        writing(offsetBytes, from.byteSize(), () -> below.write(offsetBytes, from));
    }

    @Override
    public void writeZeroes(long offsetBytes, long lengthBytes, boolean mayUnmap) {
        writing(offsetBytes, lengthBytes, () -> below.writeZeroes(offsetBytes, lengthBytes, mayUnmap));
    }

    @Override
    public void discard(long offsetBytes, long lengthBytes) {
        copier.known().remove(offsetBytes, lengthBytes);
        writing(offsetBytes, lengthBytes, () -> below.discard(offsetBytes, lengthBytes));
    }

    @Override
    public void flush() {
        below.flush();
    }

    @Override
    public long lengthBytes() {
        return below.lengthBytes();
    }

    @Override
    public void truncate(long lengthBytes) {
        below.truncate(lengthBytes);
    }
}
