package ringside.emulator.block.nbd;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import ringside.emulator.ffi.Errno;

/** Reads replies from one connection. Nothing in them is believed: what does not fit the commands in flight ends the connection. */
final class NbdReplies {
    private static final int MAX_TEXT_BYTES = 4096;
    private static final int MAX_STATUS_BYTES = 1 << 20;
    private static final int OVERFLOW_OF_SERVER = 75;

    private final NbdLink link;
    private final NbdExport export;
    private final InFlight inFlight;

    NbdReplies(NbdLink link, NbdExport export, InFlight inFlight) {
        this.link = link;
        this.export = export;
        this.inFlight = inFlight;
    }

    /** The commands that wait for a reply. */
    interface InFlight {
        /** The command with this cookie, or null. */
        NbdOp find(long cookie);

        /** The last reply to the command has come. */
        void done(NbdOp op);
    }

    /** Reads one reply, or one chunk of one. */
    void readOne() throws IOException {
        int magic = link.readInt();
        if (magic == Nbd.SIMPLE_REPLY_MAGIC) {
            simple();
        } else if (magic == Nbd.CHUNK_MAGIC && export.structured()) {
            chunk();
        } else {
            throw new NbdException("the server sent no reply where one was due");
        }
    }

    private NbdOp find(long cookie) {
        NbdOp op = inFlight.find(cookie);
        if (op == null) {
            throw new NbdException("the server answers a command that was not given");
        }
        return op;
    }

    private void simple() throws IOException {
        int error = link.readInt();
        NbdOp op = find(link.readLong());
        boolean wantsChunks = op.command == Nbd.CMD_READ && export.structured() || op.command == Nbd.CMD_BLOCK_STATUS;
        if (wantsChunks && error == 0) {
            throw new NbdException("the server sent a simple reply where chunks were agreed on");
        }
        op.error = errno(error);
        if (op.command == Nbd.CMD_READ && error == 0) {
            op.eachPiece(0, op.lengthBytes, link::readFully);
            op.receivedBytes = op.lengthBytes;
        }
        finish(op);
    }

    private void finish(NbdOp op) {
        if (op.error == 0 && op.command == Nbd.CMD_READ && op.receivedBytes != op.lengthBytes) {
            throw new NbdException(
                    "the server ended a read after " + op.receivedBytes + " of " + op.lengthBytes + " bytes");
        }
        if (op.error == 0 && op.command == Nbd.CMD_BLOCK_STATUS && op.extentBytes <= 0) {
            throw new NbdException("the server ended a block status without one");
        }
        inFlight.done(op);
    }

    private void chunk() throws IOException {
        int flags = link.readShort();
        int type = link.readShort();
        NbdOp op = find(link.readLong());
        long length = Integer.toUnsignedLong(link.readInt());
        switch (type) {
            case Nbd.CHUNK_NONE -> expect(length == 0 && (flags & Nbd.CHUNK_DONE) != 0, type);
            case Nbd.CHUNK_OFFSET_DATA -> data(op, length);
            case Nbd.CHUNK_OFFSET_HOLE -> hole(op, length);
            case Nbd.CHUNK_BLOCK_STATUS -> status(op, length);
            default -> error(op, type, length);
        }
        if ((flags & Nbd.CHUNK_DONE) != 0) {
            finish(op);
        }
    }

    private static void expect(boolean right, int type) {
        if (!right) {
            throw new NbdException("the server sent a wrong chunk of type " + type);
        }
    }

    private void data(NbdOp op, long length) throws IOException {
        expect(op.command == Nbd.CMD_READ && length > Long.BYTES, Nbd.CHUNK_OFFSET_DATA);
        long bytes = length - Long.BYTES;
        long from = within(op, link.readLong(), bytes, Nbd.CHUNK_OFFSET_DATA);
        op.eachPiece(from, bytes, link::readFully);
        op.receivedBytes += bytes;
    }

    private void hole(NbdOp op, long length) throws IOException {
        expect(op.command == Nbd.CMD_READ && length == Long.BYTES + Integer.BYTES, Nbd.CHUNK_OFFSET_HOLE);
        long offset = link.readLong();
        long bytes = Integer.toUnsignedLong(link.readInt());
        long from = within(op, offset, bytes, Nbd.CHUNK_OFFSET_HOLE);
        op.eachPiece(from, bytes, NbdReplies::zero);
        op.receivedBytes += bytes;
    }

    private static void zero(ByteBuffer piece) {
        MemorySegment.ofBuffer(piece).fill((byte) 0);
    }

    /** How far a range of the disk lies from the begin of a read, which has to contain it. */
    private static long within(NbdOp op, long offset, long bytes, int type) {
        long from = offset - op.offsetBytes;
        expect(offset >= op.offsetBytes && from <= op.lengthBytes && bytes <= op.lengthBytes - from, type);
        expect(op.receivedBytes + bytes <= op.lengthBytes, type);
        return from;
    }

    private void status(NbdOp op, long length) throws IOException {
        boolean fits = length >= 12 && (length - 4) % 8 == 0 && length <= MAX_STATUS_BYTES;
        expect(op.command == Nbd.CMD_BLOCK_STATUS && fits, Nbd.CHUNK_BLOCK_STATUS);
        boolean ours = Integer.toUnsignedLong(link.readInt()) == export.allocationContext();
        for (long i = 0; i < (length - 4) / 8; i++) {
            int bytes = link.readInt();
            int state = link.readInt();
            if (i == 0 && ours) {
                op.extentBytes = bytes;
                op.extentState = state;
            }
        }
    }

    private void error(NbdOp op, int type, long length) throws IOException {
        boolean isError = (type & 0x8000) != 0 && length >= 6 && length <= MAX_TEXT_BYTES;
        expect(isError, type);
        int error = link.readInt();
        link.readBytes((int) length - Integer.BYTES);
        expect(error != 0, type);
        op.error = errno(error);
    }

    /** Errors of the protocol have Linux' numbers; what it does not know is an I/O error. */
    private static int errno(int error) {
        return switch (error) {
            case 0 -> 0;
            case Errno.EPERM, Errno.EIO, Errno.ENOMEM, Errno.EINVAL, Errno.ENOSPC, Errno.EOPNOTSUPP -> error;
            case OVERFLOW_OF_SERVER -> Errno.EINVAL;
            default -> Errno.EIO;
        };
    }
}
