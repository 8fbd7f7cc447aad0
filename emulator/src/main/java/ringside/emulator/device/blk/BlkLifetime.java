package ringside.emulator.device.blk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import ringside.emulator.block.StorageLifetime;

/** {@code struct virtio_blk_lifetime} (VIRTIO-1.2 §5.2.6). */
final class BlkLifetime {
    private BlkLifetime() {}

    /** The record checks that no reserved value gets here. */
    static byte[] encode(StorageLifetime lifetime) {
        return ByteBuffer.allocate(BlkConstants.LIFETIME_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) lifetime.preEolInfo())
                .putShort((short) lifetime.typeA())
                .putShort((short) lifetime.typeB())
                .array();
    }
}
