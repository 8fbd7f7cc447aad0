package ringside.emulator.block.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import ringside.emulator.ffi.NativeMemory;

/**
 * A command to the server: a reused slot. Whoever submits fills it in; it belongs to the client until {@link Ended}. Data lies in a scatter
 * list of host addresses, of which a part may be meant.
 */
final class NbdOp {
    /** Told when the command has ended; on a thread of the client. */
    interface Ended {
        /** @param error 0, or a positive errno */
        void ended(NbdOp op, int error);
    }

    final Ended handler;
    short command;
    short flags;
    long offsetBytes;
    int lengthBytes;

    /** Data of READ and WRITE: what lies this far from the begin of the scatter list. */
    long skipBytes;

    long[] segmentAddress;
    int[] segmentBytes;
    int segmentFirst;
    int segmentCount;

    /** Answer to BLOCK_STATUS: length and state of the first extent. */
    int extentBytes;

    int extentState;

    /** Of the client: where the slot is in its table, how often it was used, what is known of the outcome. */
    int index = -1;

    /** Whether the slot is thrown away after one command. */
    boolean once;

    int generation;
    boolean sent;
    int error;
    long receivedBytes;

    NbdOp(Ended handler) {
        this.handler = handler;
    }

    long cookie() {
        return (long) generation << 32 | index;
    }

    /** What is done with each piece of the data. */
    interface Piece {
        void take(ByteBuffer piece) throws IOException;
    }

    /** Goes through a part of the data. */
    void eachPiece(long fromBytes, long bytes, Piece piece) throws IOException {
        long skip = skipBytes + fromBytes;
        long left = bytes;
        for (int i = segmentFirst; i < segmentFirst + segmentCount && left > 0; i++) {
            long length = segmentBytes[i];
            if (skip < length) {
                long take = Math.min(length - skip, left);
                piece.take(NativeMemory.view(segmentAddress[i] + skip, take).asByteBuffer());
                left -= take;
                skip = 0;
            } else {
                skip -= length;
            }
        }
    }
}
