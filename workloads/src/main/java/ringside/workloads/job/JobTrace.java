package ringside.workloads.job;

import java.nio.file.Path;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import ringside.workloads.trace.TraceRules;
import ringside.workloads.trace.TraceSummary;

/**
 * The trace that a job replays or records.
 *
 * @param files traces to replay, dealt to the clones in turn; empty: none
 * @param rules how they are changed
 * @param summaries what each of the files needs
 * @param record file that the requests of the job are written to; empty path: none
 */
public record JobTrace(List<Path> files, TraceRules rules, List<TraceSummary> summaries, Path record) {
    /** fio's default: none. */
    public static final JobTrace DEFAULT = new JobTrace(List.of(), TraceRules.AS_RECORDED, List.of(), Path.of(""));

    public JobTrace {
        files = List.copyOf(files);
        summaries = List.copyOf(summaries);
    }

    /** Whether the job replays a trace, so that neither {@code rw}, {@code bs} nor the region decide. */
    public boolean isReplayed() {
        return !files.isEmpty();
    }

    /** Whether the job writes a log of its requests. */
    public boolean isRecorded() {
        return !record.toString().isEmpty();
    }

    /** The file that a clone replays. */
    public Path fileOf(int clone) {
        return files.get(clone % files.size());
    }

    /** What the traces do, in terms of a job. */
    ReadWrite rw() {
        boolean reads = summaries.stream().anyMatch(one -> one.reads() > 0);
        boolean writes = summaries.stream().anyMatch(one -> one.writes() > 0);
        boolean trims = summaries.stream().anyMatch(one -> one.trims() > 0);
        if (!writes && !trims) {
            return ReadWrite.READ;
        }
        if (reads) {
            return ReadWrite.RW;
        }
        return writes ? trims ? ReadWrite.TRIMWRITE : ReadWrite.WRITE : ReadWrite.TRIM;
    }

    /** The lengths of the requests of the traces; of the other kind where there are no reads and writes, or no trims. */
    BlockSizes bs() {
        IntSummaryStatistics data = range(TraceSummary::minBytes, TraceSummary::maxBytes);
        IntSummaryStatistics trims = range(TraceSummary::minTrimBytes, TraceSummary::maxTrimBytes);
        BlockSize size = size(data.getCount() == 0 ? trims : data);
        BlockSize trim = size(trims.getCount() == 0 ? data : trims);
        boolean unaligned = summaries.stream().anyMatch(one -> one.commonBytes() % size.minBytes() != 0);
        return new BlockSizes(size, size, trim).withFlags(unaligned, false, BlockAlign.SMALLEST);
    }

    private IntSummaryStatistics range(ToIntFunction<TraceSummary> min, ToIntFunction<TraceSummary> max) {
        return summaries.stream()
                .flatMapToInt(one -> IntStream.of(min.applyAsInt(one), max.applyAsInt(one)))
                .filter(bytes -> bytes > 0)
                .summaryStatistics();
    }

    private static BlockSize size(IntSummaryStatistics range) {
        return range.getMin() == range.getMax()
                ? BlockSize.of(range.getMin())
                : new BlockSize(range.getMin(), range.getMax(), List.of());
    }
}
