package ringside.emulator.block.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Fixed newstyle negotiation up to NBD_OPT_GO. What a server may send is bounded in number and length. */
final class NbdHandshake {
    private static final String ALLOCATION = "base:allocation";
    private static final int MAX_REPLY_BYTES = 64 << 10;
    private static final int MAX_REPLIES = 64;
    private static final int MAX_BLOCK_BYTES = 64 << 10;

    private final NbdLink link;
    private final byte[] name;
    private long sizeBytes = -1;
    private int flags;
    private int minBlockBytes = 1;
    private int maxPayloadBytes = Nbd.MAX_PAYLOAD_BYTES;
    private long allocationContext = -1;

    private NbdHandshake(NbdLink link, String export) {
        this.link = link;
        this.name = export.getBytes(StandardCharsets.UTF_8);
    }

    /** @throws NbdException when the server refuses, or is no NBD server of this kind */
    static NbdExport of(NbdLink link, String export) throws IOException {
        return new NbdHandshake(link, export).negotiate();
    }

    private NbdExport negotiate() throws IOException {
        if (link.readLong() != Nbd.MAGIC || link.readLong() != Nbd.OPTION_MAGIC) {
            throw new NbdException("no NBD server with newstyle negotiation listens there");
        }
        if ((link.readShort() & Nbd.FLAG_FIXED_NEWSTYLE) == 0) {
            throw new NbdException("the server does not know fixed newstyle negotiation; use a newer one");
        }
        link.room(Integer.BYTES).putInt(Nbd.FLAG_FIXED_NEWSTYLE | Nbd.FLAG_NO_ZEROES);
        boolean structured = accepted(Nbd.OPT_STRUCTURED_REPLY, ByteBuffer.allocate(0));
        if (structured) {
            accepted(Nbd.OPT_SET_META_CONTEXT, contextQuery());
        }
        go();
        return new NbdExport(sizeBytes, flags, minBlockBytes, maxPayloadBytes, structured, allocationContext);
    }

    private ByteBuffer contextQuery() {
        byte[] context = ALLOCATION.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer query = ByteBuffer.allocate(12 + name.length + context.length);
        return query.putInt(name.length)
                .put(name)
                .putInt(1)
                .putInt(context.length)
                .put(context)
                .flip();
    }

    private void go() throws IOException {
        ByteBuffer request = ByteBuffer.allocate(8 + name.length);
        request.putInt(name.length).put(name).putShort((short) 1).putShort((short) Nbd.INFO_BLOCK_SIZE);
        if (!accepted(Nbd.OPT_GO, request.flip())) {
            throw new NbdException("the server does not know NBD_OPT_GO; use a newer one");
        }
        if (sizeBytes < 0) {
            throw new NbdException("the server does not say how large the export is");
        }
    }

    /** Asks for an option. Returns whether the server has it. */
    private boolean accepted(int option, ByteBuffer data) throws IOException {
        link.room(16).putLong(Nbd.OPTION_MAGIC).putInt(option).putInt(data.remaining());
        link.write(data);
        link.flush();
        for (int replies = 0; replies < MAX_REPLIES; replies++) {
            if (link.readLong() != Nbd.OPTION_REPLY_MAGIC || link.readInt() != option) {
                throw new NbdException("the server's answer to option " + option + " is not one");
            }
            int type = link.readInt();
            int length = link.readInt();
            if (length < 0 || length > MAX_REPLY_BYTES) {
                throw new NbdException("the server's answer to option " + option + " is too long");
            }
            ByteBuffer reply = ByteBuffer.wrap(link.readBytes(length));
            if (type == Nbd.REP_ACK) {
                return true;
            }
            if (type < 0) {
                return refused(option, type, reply);
            }
            take(type, reply);
        }
        throw new NbdException("the server does not stop answering option " + option);
    }

    /** Every option but the last may be missing. */
    private boolean refused(int option, int type, ByteBuffer reply) {
        String text = StandardCharsets.UTF_8.decode(reply).toString().replaceAll("\\p{Cntrl}", " ");
        if (option != Nbd.OPT_GO || type == Nbd.REP_ERR_UNSUP) {
            return false;
        }
        String what = switch (type) {
            case Nbd.REP_ERR_UNKNOWN ->
                "the server has no export '" + new String(name, StandardCharsets.UTF_8)
                        + "': name one with export=NAME";
            case Nbd.REP_ERR_TLS_REQD -> "the server wants TLS, which this client does not have";
            default -> "the server refuses the export with error " + (type & ~Nbd.REP_ERR);
        };
        throw new NbdException(what + (text.isEmpty() ? "" : " (" + text + ")"));
    }

    private void take(int type, ByteBuffer reply) {
        if (type == Nbd.REP_META_CONTEXT && reply.remaining() > Integer.BYTES) {
            long id = Integer.toUnsignedLong(reply.getInt());
            if (StandardCharsets.UTF_8.decode(reply).toString().equals(ALLOCATION)) {
                allocationContext = id;
            }
        } else if (type == Nbd.REP_INFO && reply.remaining() >= Short.BYTES) {
            info(reply.getShort(), reply);
        }
    }

    private void info(int kind, ByteBuffer reply) {
        if (kind == Nbd.INFO_EXPORT && reply.remaining() >= Long.BYTES + Short.BYTES) {
            sizeBytes = reply.getLong();
            flags = Short.toUnsignedInt(reply.getShort());
            if (sizeBytes < 0) {
                throw new NbdException("the server says that the export has 2^63 bytes or more");
            }
        } else if (kind == Nbd.INFO_BLOCK_SIZE && reply.remaining() >= 3 * Integer.BYTES) {
            minBlockBytes = reply.getInt();
            reply.getInt(); // the preferred one
            long most = Integer.toUnsignedLong(reply.getInt());
            if (Integer.bitCount(minBlockBytes) != 1 || minBlockBytes < 1 || minBlockBytes > MAX_BLOCK_BYTES) {
                throw new NbdException("the server wants blocks of " + Integer.toUnsignedString(minBlockBytes)
                        + " bytes, which is not a power of two up to 64 KiB");
            }
            long bounded = Math.min(most, Nbd.MAX_PAYLOAD_BYTES) / minBlockBytes * minBlockBytes;
            maxPayloadBytes = (int) Math.max(minBlockBytes, bounded);
        }
    }
}
