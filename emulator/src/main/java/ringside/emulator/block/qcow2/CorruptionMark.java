package ringside.emulator.block.qcow2;

import java.util.concurrent.atomic.AtomicBoolean;
import ringside.emulator.block.qcow2.format.Qcow2Feature;

/** Marks an image corrupt, once: at once in memory, on a thread of its own in the header. Any thread, under any lock. */
final class CorruptionMark implements Runnable {
    private final HeaderWriter header;
    private final boolean writable;
    private final AtomicBoolean marked = new AtomicBoolean();
    private volatile Qcow2Metadata metadata;

    /** @param writable whether the header may be written */
    CorruptionMark(HeaderWriter header, boolean writable) {
        this.header = header;
        this.writable = writable;
    }

    void attach(Qcow2Metadata opened) {
        metadata = opened;
    }

    @Override
    public void run() {
        metadata.markCorrupt();
        if (writable && marked.compareAndSet(false, true)) {
            Thread writer = Thread.ofPlatform().name("qcow2-corrupt").start(this::write);
            metadata.closeAfter(writer);
        }
    }

    private void write() {
        header.write(h -> {
            if (h.version() > 2) {
                h.set(Qcow2Feature.CORRUPT, true);
            }
        });
    }
}
