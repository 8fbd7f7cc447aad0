package ringside.emulator.block.qcow2;

import java.lang.foreign.MemorySegment;
import ringside.emulator.aio.AioContext;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockEvent;
import ringside.emulator.block.BlockEvents;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.BlockNode;

/** A file in memory where a test can step in: after a blocking read, before a blocking write or flush, and at events. */
final class HookedNode implements BlockNode, BlockFile {
    /** Is told where something happens; may wait, or fail what happens by throwing. */
    interface Hook {
        void at(long offset, long length);
    }

    final MemoryNode memory;
    volatile Hook afterRead = (_, _) -> {};
    volatile Hook beforeWrite = (_, _) -> {};
    volatile Runnable beforeFlush = () -> {};
    volatile BlockEvents listener = BlockEvents.NONE;

    HookedNode(byte[] content) {
        this.memory = new MemoryNode(content, 1);
    }

    @Override
    public BlockEvents events() {
        return (BlockEvent event) -> listener.raise(event);
    }

    @Override
    public void read(long offset, MemorySegment into) {
        memory.read(offset, into);
        afterRead.at(offset, into.byteSize());
    }

    @Override
    public void write(long offset, MemorySegment from) {
        beforeWrite.at(offset, from.byteSize());
        memory.write(offset, from);
    }

    @Override
    public void writeZeroes(long offset, long length, boolean mayUnmap) {
        beforeWrite.at(offset, length);
        memory.writeZeroes(offset, length, mayUnmap);
    }

    @Override
    public void discard(long offset, long length) {
        memory.discard(offset, length);
    }

    @Override
    public void flush() {
        beforeFlush.run();
        memory.flush();
    }

    @Override
    public void truncate(long length) {
        memory.truncate(length);
    }

    @Override
    public long lengthBytes() {
        return memory.lengthBytes();
    }

    @Override
    public boolean readOnly() {
        return false;
    }

    @Override
    public boolean writeback() {
        return true;
    }

    @Override
    public int physicalBlockBytes() {
        return 512;
    }

    @Override
    public boolean growsWithZeroes() {
        return true;
    }

    @Override
    public String description() {
        return "driver=hooked";
    }

    @Override
    public BlockFile file() {
        return this;
    }

    @Override
    public BlockBackend attach(AioContext context) {
        return memory.attach(context);
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
