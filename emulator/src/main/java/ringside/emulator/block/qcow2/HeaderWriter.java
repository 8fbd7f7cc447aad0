package ringside.emulator.block.qcow2;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.qcow2.format.Qcow2Header;

/** Changes the header in memory and in the file, where it is stable when this returns. Any thread. */
final class HeaderWriter {
    private final Qcow2Header header;
    private final BlockFile file;

    /** A change failed, so nobody knows whether the file has it. */
    private boolean uncertain;

    HeaderWriter(Qcow2Header header, BlockFile file) {
        this.header = header;
        this.file = file;
    }

    /** @throws RuntimeException when the change cannot be stored; the header in memory is as before then */
    synchronized void write(Consumer<Qcow2Header> change) {
        Qcow2Header before = header.copy();
        boolean done = false;
        try {
            change.accept(header);
            store();
            done = true;
        } finally {
            if (!done) {
                header.restore(before);
                uncertain = true;
            }
        }
    }

    /** After a failure: the file has the header of the memory before anything is written that relies on it. */
    synchronized void settle() {
        if (uncertain) {
            store();
        }
    }

    private void store() {
        file.flush(); // what the header refers to
        file.write(0, MemorySegment.ofArray(header.toCluster()));
        file.flush();
        uncertain = false;
    }
}
