package ringside.workloads.verify;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** xxHash of 32 bits with the seed 1, which fio takes. Source: the specification of xxHash, section XXH32. */
final class XxHash32 extends BlockSum {
    private static final int SEED = 1;
    private static final int PRIME1 = 0x9E37_79B1;
    private static final int PRIME2 = 0x85EB_CA77;
    private static final int PRIME3 = 0xC2B2_AE3D;
    private static final int PRIME4 = 0x27D4_EB2F;
    private static final int PRIME5 = 0x1656_67B1;
    private static final int STRIPE_BYTES = 16;

    @Override
    void of(ByteBuffer data, byte[] into) {
        data.order(ByteOrder.LITTLE_ENDIAN);
        int at = data.position();
        int end = data.limit();
        int length = end - at;
        int hash = SEED + PRIME5;
        if (length >= STRIPE_BYTES) {
            hash = stripes(data, at, end);
            at += length / STRIPE_BYTES * STRIPE_BYTES;
        }
        hash += length;
        for (; at + Integer.BYTES <= end; at += Integer.BYTES) {
            hash = Integer.rotateLeft(hash + data.getInt(at) * PRIME3, 17) * PRIME4;
        }
        for (; at < end; at++) {
            hash = Integer.rotateLeft(hash + (data.get(at) & 0xFF) * PRIME5, 11) * PRIME1;
        }
        putInt(into, avalanche(hash));
    }

    private static int stripes(ByteBuffer data, int begin, int end) {
        int first = SEED + PRIME1 + PRIME2;
        int second = SEED + PRIME2;
        int third = SEED;
        int fourth = SEED - PRIME1;
        for (int at = begin; at + STRIPE_BYTES <= end; at += STRIPE_BYTES) {
            first = round(first, data.getInt(at));
            second = round(second, data.getInt(at + 4));
            third = round(third, data.getInt(at + 8));
            fourth = round(fourth, data.getInt(at + 12));
        }
        return Integer.rotateLeft(first, 1)
                + Integer.rotateLeft(second, 7)
                + Integer.rotateLeft(third, 12)
                + Integer.rotateLeft(fourth, 18);
    }

    private static int round(int lane, int word) {
        return Integer.rotateLeft(lane + word * PRIME2, 13) * PRIME1;
    }

    private static int avalanche(int hash) {
        int mixed = (hash ^ hash >>> 15) * PRIME2;
        mixed = (mixed ^ mixed >>> 13) * PRIME3;
        return mixed ^ mixed >>> 16;
    }
}
