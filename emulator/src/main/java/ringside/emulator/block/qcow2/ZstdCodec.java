package ringside.emulator.block.qcow2;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Zstandard, one frame per cluster (QEMU: compression_type=zstd). What is stored is known to whole sectors only, so what
 * follows the frame is left alone. Decompressing writes into the cluster and takes no window of its own, whatever the frame
 * asks for.
 */
final class ZstdCodec implements ClusterCodec {
    @Override
    public byte[] decode(byte[] stored, int clusterBytes) {
        byte[] cluster = new byte[clusterBytes];
        long length;
        try {
            int frame = (int) Zstd.findFrameCompressedSize(stored);
            length = Zstd.decompressByteArray(cluster, 0, clusterBytes, stored, 0, frame);
        } catch (ZstdException | IndexOutOfBoundsException e) {
            throw Corruption.error("a compressed cluster cannot be decompressed (" + e.getMessage() + ")");
        }
        if (length < clusterBytes) {
            throw Corruption.error("a compressed cluster decompresses to less than a cluster");
        }
        return cluster;
    }

    @Override
    public Optional<byte[]> encode(byte[] cluster) {
        byte[] stored = new byte[(int) Zstd.compressBound(cluster.length)];
        long length = Zstd.compressByteArray(
                stored, 0, stored.length, cluster, 0, cluster.length, Zstd.defaultCompressionLevel());
        return length >= cluster.length ? Optional.empty() : Optional.of(Arrays.copyOf(stored, (int) length));
    }
}
