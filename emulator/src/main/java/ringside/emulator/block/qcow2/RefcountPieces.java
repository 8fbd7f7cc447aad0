package ringside.emulator.block.qcow2;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The refcount blocks in memory, in pieces. Under the allocator's lock. Dirty pieces stay until they have been written. */
final class RefcountPieces {
    /** A piece of a refcount block. */
    static final class Piece {
        final long offsetBytes;
        final MemorySegment memory;
        boolean dirty;

        /** It is part of a new block that was never written. */
        boolean created;

        /** A copy of it is being written, so what is in the file is older. */
        boolean writing;

        Piece(long offsetBytes, MemorySegment memory) {
            this.offsetBytes = offsetBytes;
            this.memory = memory;
        }
    }

    /** What several workers need at a time to allocate {@link ClusterWriter}'s longest runs, or they would evict each other's for ever. */
    private static final int MIN_PIECES = 256;

    private final Map<Long, Piece> pieces = new LinkedHashMap<>(64, 0.75f, true);
    private final int pieceBytes;
    private final int capacity;
    private Piece last;

    RefcountPieces(int pieceBytes, long cacheBytes) {
        this.pieceBytes = pieceBytes;
        this.capacity = Math.clamp(cacheBytes / pieceBytes, MIN_PIECES, 1 << 20);
    }

    int pieceBytes() {
        return pieceBytes;
    }

    /** The piece that begins at this byte of the file, or null. */
    Piece get(long offsetBytes) {
        if (last == null || last.offsetBytes != offsetBytes) {
            last = pieces.get(offsetBytes);
        }
        return last;
    }

    /** Takes a piece in, and gives up clean ones where there are too many. */
    Piece add(long offsetBytes, MemorySegment content) {
        if (pieces.size() >= capacity) {
            pieces.values().removeIf(p -> !p.dirty && !p.writing && pieces.size() >= capacity);
            last = null;
        }
        Piece piece = new Piece(offsetBytes, content);
        pieces.put(offsetBytes, piece);
        return piece;
    }

    /** Memory for a piece, zeroed. */
    MemorySegment allocate() {
        return Arena.ofAuto().allocate(pieceBytes, Long.BYTES);
    }

    List<Piece> dirty() {
        List<Piece> dirty = new ArrayList<>();
        for (Piece piece : pieces.values()) {
            if (piece.dirty) {
                dirty.add(piece);
            }
        }
        return dirty;
    }
}
