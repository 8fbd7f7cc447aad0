package ringside.workloads.content;

import java.lang.foreign.MemorySegment;

/** The same bytes again and again; each buffer begins with the first one. */
public final class TiledContent implements BufferContent {
    private final MemorySegment tiles;
    private final boolean overwritten;

    /**
     * Buffers of one pattern.
     *
     * @param pattern its bytes, at least one
     * @param bufferBytes length of the buffers
     * @param overwritten whether reads use the buffers too, so that they must be filled again for each write
     */
    public TiledContent(byte[] pattern, int bufferBytes, boolean overwritten) {
        this.tiles = tile(pattern, bufferBytes);
        this.overwritten = overwritten;
    }

    static MemorySegment tile(byte[] pattern, int bytes) {
        byte[] all = new byte[bytes];
        for (int at = 0; at < bytes; at += pattern.length) {
            System.arraycopy(pattern, 0, all, at, Math.min(pattern.length, bytes - at));
        }
        return MemorySegment.ofArray(all);
    }

    @Override
    public void fill(MemorySegment buffer) {
        MemorySegment.copy(tiles, 0, buffer, 0, Math.min(tiles.byteSize(), buffer.byteSize()));
    }

    @Override
    public void refill(MemorySegment buffer, int lengthBytes) {
        if (overwritten) {
            MemorySegment.copy(tiles, 0, buffer, 0, lengthBytes);
        }
    }
}
