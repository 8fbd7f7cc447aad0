package ringside.emulator.vhostuser.client;

import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.vhostuser.VhostUserMessage;
import ringside.emulator.vhostuser.VhostUserRequest;

/** The server's configuration space: offset, size and flags (32 bits each), then the bytes. */
final class FrontEndConfig {
    private static final int HEADER_BYTES = 12;

    private FrontEndConfig() {}

    /** A little-endian field. */
    static long read(FrontEndChannel channel, int offset, int widthBytes) {
        // From the begin of the space: several servers ignore the offset. And no further than needed: others answer
        // nothing when more is asked for than they know.
        int bytes = bytesUpTo(offset + widthBytes);
        channel.begin(VhostUserRequest.GET_CONFIG, HEADER_BYTES + bytes).u32(4, bytes);
        VhostUserMessage reply = channel.ask(0);
        if (reply.payloadBytes() < HEADER_BYTES + offset + widthBytes) {
            throw channel.broken("answered without the field at offset " + offset);
        }
        long value = 0;
        for (int i = 0; i < widthBytes; i++) {
            value |= Byte.toUnsignedLong(reply.u8(HEADER_BYTES + offset + i)) << Byte.SIZE * i;
        }
        return value;
    }

    private static int bytesUpTo(int end) {
        if (end <= BlkConstants.CONFIG_BYTES_1_1) {
            return BlkConstants.CONFIG_BYTES_1_1;
        }
        return end <= BlkConstants.CONFIG_BYTES_1_2 ? BlkConstants.CONFIG_BYTES_1_2 : BlkConstants.CONFIG_BYTES;
    }

    static void write(FrontEndChannel channel, int offset, int widthBytes, long value) {
        VhostUserMessage message = channel.begin(VhostUserRequest.SET_CONFIG, HEADER_BYTES + widthBytes)
                .u32(0, offset)
                .u32(4, widthBytes);
        for (int i = 0; i < widthBytes; i++) {
            message.u8(HEADER_BYTES + i, (byte) (value >>> Byte.SIZE * i));
        }
        channel.tell();
    }
}
