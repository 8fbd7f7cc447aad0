package ringside.emulator.block;

/**
 * Wear of flash storage as eMMC and UFS report it (JESD84-B51 EXT_CSD; VIRTIO-1.2 §5.2.6, struct virtio_blk_lifetime).
 *
 * @param preEolInfo use of the reserve blocks: 0 unknown, 1 below 80 %, 2 80 %, 3 90 %
 * @param typeA wear of the cells of type A: 0 unknown, 1 up to 10 % used, ... 10 up to 100 %, 11 exceeded
 * @param typeB likewise for type B
 */
public record StorageLifetime(int preEolInfo, int typeA, int typeB) {
    private static final int MAX_PRE_EOL = 3;
    private static final int MAX_ESTIMATE = 11;

    public StorageLifetime {
        if (!isKnown(preEolInfo, typeA, typeB)) {
            throw new IllegalArgumentException(
                    "lifetime values %d, %d, %d are reserved".formatted(preEolInfo, typeA, typeB));
        }
    }

    /** Whether none of the values is reserved. */
    static boolean isKnown(int preEolInfo, int typeA, int typeB) {
        return preEolInfo >= 0
                && preEolInfo <= MAX_PRE_EOL
                && typeA >= 0
                && typeA <= MAX_ESTIMATE
                && typeB >= 0
                && typeB <= MAX_ESTIMATE;
    }
}
