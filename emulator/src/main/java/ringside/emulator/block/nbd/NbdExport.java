package ringside.emulator.block.nbd;

/**
 * What the server said of the export.
 *
 * @param sizeBytes its size
 * @param flags transmission flags
 * @param minBlockBytes unit of offsets and lengths, a power of two
 * @param maxPayloadBytes most data of one request
 * @param structured whether replies come in chunks
 * @param allocationContext id of the context base:allocation, or -1
 */
record NbdExport(
        long sizeBytes, int flags, int minBlockBytes, int maxPayloadBytes, boolean structured, long allocationContext) {
    boolean has(int flag) {
        return (flags & flag) != 0;
    }
}
