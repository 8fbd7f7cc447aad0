package ringside.workloads.job;

/** What the buffers of writes hold. */
final class ContentOptions extends OptionGroup {
    private boolean zero;
    private boolean refill;
    private boolean scramble = true;
    private BytePattern pattern = BytePattern.NONE;
    private int compressPercent;
    private boolean compress;
    private int chunkBytes = JobContent.DEFAULT_CHUNK_BYTES;
    private int dedupePercent;
    private boolean workingSet;
    private int workingSetPercent = 5;

    ContentOptions() {
        flag("zero_buffers", value -> zero = value);
        flag("refill_buffers", value -> refill = value);
        option("scramble_buffers", value -> scramble = FioUnits.bool("scramble_buffers", value));
        option("buffer_pattern", value -> pattern = BytePattern.parse("buffer_pattern", value));
        option("buffer_compress_percentage", value -> {
            compressPercent = percent("buffer_compress_percentage", value);
            compress = true;
        });
        option(
                "buffer_compress_chunk",
                value -> chunkBytes = (int) FioUnits.integer("buffer_compress_chunk", value, 0, 1 << 30));
        option("dedupe_percentage", value -> dedupePercent = percent("dedupe_percentage", value));
        option("dedupe_mode", this::setDedupeMode);
        option(
                "dedupe_working_set_percentage",
                value -> workingSetPercent = (int) FioUnits.integer("dedupe_working_set_percentage", value, 1, 100));
        option("dedupe_global", ContentOptions::refuseGlobal);
    }

    /** As in fio, compression and deduplication need new data for every write, and zeros leave nothing to them. */
    JobContent content() {
        boolean renewed = refill || compress || dedupePercent > 0;
        return new JobContent(
                zero && pattern.isEmpty(),
                renewed,
                scramble,
                pattern,
                compressPercent,
                chunkBytes,
                dedupePercent,
                workingSet ? workingSetPercent : 0);
    }

    private void setDedupeMode(String value) {
        workingSet = switch (value) {
            case "repeat" -> false;
            case "working_set" -> true;
            default ->
                throw new IllegalArgumentException("dedupe_mode=" + value + " is not known: use repeat or working_set");
        };
    }

    private static void refuseGlobal(String value) {
        if (FioUnits.bool("dedupe_global", value)) {
            throw new IllegalArgumentException(
                    "dedupe_global=1 is not supported, each clone repeats blocks of its own: remove it");
        }
    }
}
