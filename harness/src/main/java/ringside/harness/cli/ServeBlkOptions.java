package ringside.harness.cli;

import picocli.CommandLine.Option;
import ringside.emulator.device.blk.BlkOptions;
import ringside.harness.suite.Units;

/** The options of {@code serve} about block sizes, limits, rings and what the disk offers beyond reading and writing. */
final class ServeBlkOptions {
    @Option(
            names = "--logical-block-size",
            paramLabel = "SIZE",
            defaultValue = "512",
            description = "Unit of addressing, 512 to 4096 (default: 512).")
    private String logicalBlockSize;

    @Option(
            names = "--physical-block-size",
            paramLabel = "SIZE",
            defaultValue = "0",
            description = "Unit of writing without a read before (default: the storage's).")
    private String physicalBlockSize;

    @Option(
            names = "--min-io-size",
            paramLabel = "SIZE",
            defaultValue = "0",
            description = "Suggested smallest I/O (default: the physical block).")
    private String minIoSize;

    @Option(
            names = "--opt-io-size",
            paramLabel = "SIZE",
            defaultValue = "0",
            description = "Suggested largest I/O (default: none).")
    private String optIoSize;

    @Option(
            names = "--size-max",
            paramLabel = "SIZE",
            defaultValue = "0",
            description = "Longest data segment (default: no limit).")
    private String sizeMax;

    @Option(
            names = "--seg-max",
            paramLabel = "N",
            defaultValue = "0",
            description = "Most data segments of a request (default: what a queue of 128 has room for, 126).")
    private int segMax;

    @Option(
            names = "--discard",
            paramLabel = "on|off",
            defaultValue = "on",
            description = "Whether the guest may discard (default: on); discard=unmap makes it free blocks.")
    private String discard;

    @Option(
            names = "--write-zeroes",
            paramLabel = "on|off",
            defaultValue = "on",
            description = "Whether the guest may have ranges zeroed (default: on).")
    private String writeZeroes;

    @Option(
            names = "--secure-erase",
            paramLabel = "on|off",
            defaultValue = "off",
            description = "Whether the guest may erase securely: ranges are overwritten (default: off).")
    private String secureErase;

    @Option(
            names = "--max-discard-sectors",
            paramLabel = "N",
            defaultValue = "2097152",
            description = "Longest range of discard, write zeroes, secure erase, in sectors (default: 1 GiB).")
    private int maxDiscardSectors;

    @Option(
            names = "--max-discard-seg",
            paramLabel = "N",
            defaultValue = "1",
            description = "Most ranges in one of these requests, up to 256 (default: 1, as QEMU).")
    private int maxDiscardSeg;

    @Option(
            names = "--discard-granularity",
            paramLabel = "SIZE",
            defaultValue = "0",
            description = "Alignment of discards that free something (default: the physical block).")
    private String discardGranularity;

    @Option(
            names = "--packed",
            paramLabel = "on|off",
            defaultValue = "on",
            description = "Whether packed rings are offered; the front-end chooses (default: on).")
    private String packed;

    @Option(
            names = "--in-order",
            paramLabel = "on|off",
            defaultValue = "off",
            description = "Whether requests may be asked to complete in their order (default: off).")
    private String inOrder;

    /** @throws IllegalArgumentException naming the option that is out of range */
    BlkOptions options() {
        return BlkOptions.DEFAULT
                .change()
                .logicalBlockBytes(bytes("--logical-block-size", logicalBlockSize))
                .physicalBlockBytes(bytes("--physical-block-size", physicalBlockSize))
                .minIoBytes(bytes("--min-io-size", minIoSize))
                .optIoBytes(bytes("--opt-io-size", optIoSize))
                .sizeMaxBytes(bytes("--size-max", sizeMax))
                .segMax(segMax)
                .discard(ServeCommand.on("--discard", discard))
                .writeZeroes(ServeCommand.on("--write-zeroes", writeZeroes))
                .secureErase(ServeCommand.on("--secure-erase", secureErase))
                .maxRangeSectors(maxDiscardSectors)
                .maxRanges(maxDiscardSeg)
                .discardGranularityBytes(bytes("--discard-granularity", discardGranularity))
                .packed(ServeCommand.on("--packed", packed))
                .inOrder(ServeCommand.on("--in-order", inOrder))
                .build();
    }

    private static int bytes(String option, String text) {
        long bytes = Units.bytes(text);
        if (bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(option + ": " + text + " is too large; use less than 2G");
        }
        return (int) bytes;
    }
}
