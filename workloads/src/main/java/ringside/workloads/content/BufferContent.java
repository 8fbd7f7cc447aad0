package ringside.workloads.content;

import java.lang.foreign.MemorySegment;

/** Fills the buffers of one lane. Confined to its thread; {@link #refill} does not allocate. */
public sealed interface BufferContent permits TiledContent, RandomContent {
    /** Fills a buffer once, before the load. */
    void fill(MemorySegment buffer);

    /** Prepares the first bytes of a buffer for the next write from it. */
    void refill(MemorySegment buffer, int lengthBytes);
}
