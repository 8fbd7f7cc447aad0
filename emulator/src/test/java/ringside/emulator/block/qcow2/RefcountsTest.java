package ringside.emulator.block.qcow2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import ringside.emulator.block.BlockEvents;
import ringside.emulator.block.BlockIoException;
import ringside.emulator.block.Qcow2Options;
import ringside.emulator.block.qcow2.format.Qcow2Geometry;

class RefcountsTest {
    private static final long MOST_BLOCKS = (8 << 20) / Long.BYTES;

    private final Qcow2Geometry geometry = new Qcow2Geometry(9, 4, false);

    /** QEMU opens no image with a refcount table of more than 8 MiB, so there must never be one. */
    @Test
    void tableOfEightMebibytes_growsNoFurther() {
        MetadataMap map = new MetadataMap(geometry, false, () -> {});
        Refcounts refcounts = new Refcounts(
                geometry,
                null,
                BlockEvents.NONE,
                new RefcountPieces(512, 1 << 20),
                new ImageLocks(Qcow2Options.Locking.SHARDED),
                map,
                new long[64]);
        long perBlock = geometry.refcountsPerBlock();

        refcounts.createBlock((MOST_BLOCKS - 1) * perBlock);
        assertThat(refcounts.table()).hasSize((int) MOST_BLOCKS);

        assertThatThrownBy(() -> refcounts.createBlock(MOST_BLOCKS * perBlock))
                .isInstanceOf(BlockIoException.class)
                .hasMessageContaining("greatest length");
    }
}
