package ringside.emulator.block.qcow2;

import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import ringside.emulator.block.qcow2.format.CompressionType;

/** Compresses and decompresses one cluster. What comes out is bounded by the cluster's size. */
interface ClusterCodec {
    /**
     * Decompresses.
     *
     * @param clusterBytes how much must come out, no more and no less
     */
    byte[] decode(byte[] stored, int clusterBytes);

    /** Compresses; empty where that saves nothing. */
    Optional<byte[]> encode(byte[] cluster);

    static ClusterCodec of(CompressionType type) {
        return switch (type) {
            case ZLIB -> new Deflate();
            case ZSTD -> new ZstdCodec();
        };
    }

    /** Raw deflate (QEMU: window of 4 KiB). */
    final class Deflate implements ClusterCodec {
        @Override
        public byte[] decode(byte[] stored, int clusterBytes) {
            byte[] cluster = new byte[clusterBytes];
            Inflater inflater = new Inflater(true);
            try {
                inflater.setInput(stored);
                int done = 0;
                while (done < clusterBytes && !inflater.finished()) {
                    int n = inflater.inflate(cluster, done, clusterBytes - done);
                    if (n == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
                        break;
                    }
                    done += n;
                }
                if (done < clusterBytes) {
                    throw Corruption.error("a compressed cluster inflates to less than a cluster");
                }
                return cluster;
            } catch (DataFormatException e) {
                throw Corruption.error("a compressed cluster cannot be inflated (" + e.getMessage() + ")");
            } finally {
                inflater.end();
            }
        }

        @Override
        public Optional<byte[]> encode(byte[] cluster) {
            Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
            try {
                deflater.setInput(cluster);
                deflater.finish();
                byte[] stored = new byte[cluster.length];
                int length = deflater.deflate(stored);
                return deflater.finished() && length < cluster.length
                        ? Optional.of(java.util.Arrays.copyOf(stored, length))
                        : Optional.empty();
            } finally {
                deflater.end();
            }
        }
    }
}
