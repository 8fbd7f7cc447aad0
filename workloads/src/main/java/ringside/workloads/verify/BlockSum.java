package ringside.workloads.verify;

import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32C;
import ringside.workloads.job.VerifyMethod;

/** The sum of a block's data as fio's headers hold it. One thread; sums do not allocate. */
abstract sealed class BlockSum
        permits BlockSum.Nothing,
                BlockSum.Crc32c,
                BlockSum.FioCrc32,
                BlockSum.LowFirst,
                BlockSum.Crc7,
                BlockSum.Digest,
                XxHash32 {
    /** Writes the sum of a buffer's remaining bytes to the begin of {@code into}. */
    abstract void of(ByteBuffer data, byte[] into);

    static BlockSum of(VerifyMethod method) {
        return switch (method) {
            case CRC32C -> new Crc32c();
            case CRC32 -> new FioCrc32();
            case CRC16 -> new LowFirst(0xA001, Short.BYTES);
            case CRC64 -> new LowFirst(0x95AC_9329_AC4B_C9B5L, Long.BYTES);
            case CRC7 -> new Crc7();
            case XXHASH -> new XxHash32();
            case MD5 -> new Digest("MD5", false);
            case SHA1 -> new Digest("SHA-1", true);
            case SHA256 -> new Digest("SHA-256", false);
            case SHA512 -> new Digest("SHA-512", false);
            case SHA3_224 -> new Digest("SHA3-224", false);
            case SHA3_256 -> new Digest("SHA3-256", false);
            case SHA3_384 -> new Digest("SHA3-384", false);
            case SHA3_512 -> new Digest("SHA3-512", false);
            case NONE, META, PATTERN, NULL -> new Nothing();
        };
    }

    static void putInt(byte[] into, int value) {
        for (int i = 0; i < Integer.BYTES; i++) {
            into[i] = (byte) (value >>> (Byte.SIZE * i));
        }
    }

    private static final class Nothing extends BlockSum {
        @Override
        void of(ByteBuffer data, byte[] into) {}
    }

    /** CRC-32C without the last inversion. */
    private static final class Crc32c extends BlockSum {
        private final CRC32C crc = new CRC32C();

        @Override
        void of(ByteBuffer data, byte[] into) {
            crc.reset();
            crc.update(data);
            putInt(into, ~(int) crc.getValue());
        }
    }

    /** The polynomial of CRC-32 with the highest bit first, from 0 and without inversions: not the CRC-32 of the JDK. */
    private static final class FioCrc32 extends BlockSum {
        private static final int POLYNOMIAL = 0x04C1_1DB7;
        private final int[] table = new int[1 << Byte.SIZE];

        FioCrc32() {
            for (int i = 0; i < table.length; i++) {
                int crc = i << (Integer.SIZE - Byte.SIZE);
                for (int bit = 0; bit < Byte.SIZE; bit++) {
                    crc = crc < 0 ? crc << 1 ^ POLYNOMIAL : crc << 1;
                }
                table[i] = crc;
            }
        }

        @Override
        void of(ByteBuffer data, byte[] into) {
            int crc = 0;
            for (int i = data.position(); i < data.limit(); i++) {
                crc = crc << Byte.SIZE ^ table[(crc >>> (Integer.SIZE - Byte.SIZE) ^ data.get(i)) & 0xFF];
            }
            putInt(into, crc);
        }
    }

    /** A CRC with the lowest bit first, from 0 and without inversions. */
    private static final class LowFirst extends BlockSum {
        private final long[] table = new long[1 << Byte.SIZE];
        private final int bytes;

        /** @param polynomial with its bits reversed */
        LowFirst(long polynomial, int bytes) {
            this.bytes = bytes;
            for (int i = 0; i < table.length; i++) {
                long crc = i;
                for (int bit = 0; bit < Byte.SIZE; bit++) {
                    crc = (crc & 1) != 0 ? crc >>> 1 ^ polynomial : crc >>> 1;
                }
                table[i] = crc;
            }
        }

        @Override
        void of(ByteBuffer data, byte[] into) {
            long crc = 0;
            for (int i = data.position(); i < data.limit(); i++) {
                crc = crc >>> Byte.SIZE ^ table[(int) (crc ^ data.get(i)) & 0xFF];
            }
            for (int i = 0; i < bytes; i++) {
                into[i] = (byte) (crc >>> (Byte.SIZE * i));
            }
        }
    }

    /** The CRC-7 of memory cards: x^7 + x^3 + 1, highest bit first, from 0. */
    private static final class Crc7 extends BlockSum {
        private static final int POLYNOMIAL = 0x09 << 1;
        private final byte[] table = new byte[1 << Byte.SIZE];

        Crc7() {
            for (int i = 0; i < table.length; i++) {
                int crc = i;
                for (int bit = 0; bit < Byte.SIZE; bit++) {
                    crc = (crc & 0x80) != 0 ? crc << 1 ^ POLYNOMIAL : crc << 1;
                }
                table[i] = (byte) ((crc & 0xFF) >>> 1);
            }
        }

        @Override
        void of(ByteBuffer data, byte[] into) {
            int crc = 0;
            for (int i = data.position(); i < data.limit(); i++) {
                crc = table[(crc << 1 ^ data.get(i)) & 0xFF];
            }
            into[0] = (byte) crc;
        }
    }

    private static final class Digest extends BlockSum {
        private final MessageDigest digest;
        private final boolean littleWords;

        /** @param littleWords whether fio keeps the words of the sum in the host's order */
        Digest(String algorithm, boolean littleWords) {
            this.littleWords = littleWords;
            try {
                digest = MessageDigest.getInstance(algorithm);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("this Java has no " + algorithm, e);
            }
        }

        @Override
        void of(ByteBuffer data, byte[] into) {
            digest.update(data);
            try {
                int length = digest.digest(into, 0, into.length);
                for (int i = 0; littleWords && i < length; i += Integer.BYTES) {
                    swap(into, i, i + 3);
                    swap(into, i + 1, i + 2);
                }
            } catch (DigestException e) {
                throw new IllegalStateException(e);
            }
        }

        private static void swap(byte[] bytes, int i, int j) {
            byte kept = bytes[i];
            bytes[i] = bytes[j];
            bytes[j] = kept;
        }
    }
}
