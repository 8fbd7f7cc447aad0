package ringside.emulator.block.qcow2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.emulator.block.BlockIoException;
import ringside.emulator.block.qcow2.format.CompressionType;

/** Compression of single clusters; images of QEMU are in {@link Qcow2RandomTest}. */
class ClusterCodecTest {
    private static final int CLUSTER = 64 << 10;

    @ParameterizedTest
    @EnumSource
    void cluster_comesBackWhateverFollowsIt(CompressionType type) {
        ClusterCodec codec = ClusterCodec.of(type);
        byte[] cluster = new byte[CLUSTER];
        new Random(1).nextBytes(cluster);
        Arrays.fill(cluster, 5000, CLUSTER, (byte) 3);
        byte[] stored = codec.encode(cluster).orElseThrow();
        assertThat(stored.length).isBetween(5000, 6000);
        byte[] withRest = Arrays.copyOf(stored, stored.length + 511);
        Arrays.fill(withRest, stored.length, withRest.length, (byte) 0xfe);
        assertThat(codec.decode(withRest, CLUSTER)).isEqualTo(cluster);
    }

    @ParameterizedTest
    @EnumSource
    void noise_isNotCompressed(CompressionType type) {
        byte[] cluster = new byte[CLUSTER];
        new Random(1).nextBytes(cluster);
        assertThat(ClusterCodec.of(type).encode(cluster)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void damagedData_areAnError(CompressionType type) {
        ClusterCodec codec = ClusterCodec.of(type);
        byte[] stored = codec.encode(new byte[CLUSTER]).orElseThrow();
        byte[] noise = new byte[4096];
        new Random(2).nextBytes(noise);
        for (byte[] bad : new byte[][] {noise, new byte[0], new byte[512], Arrays.copyOf(stored, stored.length / 2)}) {
            assertThatThrownBy(() -> codec.decode(bad, CLUSTER))
                    .isInstanceOf(BlockIoException.class)
                    .hasMessageContaining("compressed cluster");
        }
        assertThatThrownBy(() -> codec.decode(stored, 2 * CLUSTER)).isInstanceOf(BlockIoException.class);
    }

    /** zlib stops at the end of the cluster, as QEMU does; a frame of zstd that holds more is refused. */
    @ParameterizedTest
    @EnumSource
    void bomb_growsToAClusterAtMost(CompressionType type) {
        ClusterCodec codec = ClusterCodec.of(type);
        byte[] stored = codec.encode(new byte[64 << 20]).orElseThrow();
        if (type == CompressionType.ZLIB) {
            assertThat(codec.decode(stored, CLUSTER)).hasSize(CLUSTER);
        } else {
            assertThatThrownBy(() -> codec.decode(stored, CLUSTER)).isInstanceOf(BlockIoException.class);
        }
    }
}
