package ringside.emulator.block.qcow2;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.qcow2.format.Qcow2Header;

/** Changes the header in memory and in the file, where it is stable when this returns. Any thread. */
final class HeaderWriter {
    private final Qcow2Header header;
    private final BlockFile file;

    HeaderWriter(Qcow2Header header, BlockFile file) {
        this.header = header;
        this.file = file;
    }

    synchronized void write(Consumer<Qcow2Header> change) {
        change.accept(header);
        file.flush(); // what the header refers to
        file.write(0, MemorySegment.ofArray(header.toCluster()));
        file.flush();
    }
}
