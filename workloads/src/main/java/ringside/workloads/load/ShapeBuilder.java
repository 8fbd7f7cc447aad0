package ringside.workloads.load;

import java.util.List;
import ringside.workloads.job.BlockSize;
import ringside.workloads.job.BlockSizes;
import ringside.workloads.job.Extent;
import ringside.workloads.job.JobAccess;
import ringside.workloads.job.JobRegion;
import ringside.workloads.job.JobSpec;
import ringside.workloads.job.OffsetOrder;
import ringside.workloads.job.RandomDistribution;
import ringside.workloads.job.RandomShare;
import ringside.workloads.job.Sequencer;
import ringside.workloads.pattern.CoverageMap;
import ringside.workloads.pattern.DirectionShape;
import ringside.workloads.pattern.MixedRequests;
import ringside.workloads.pattern.MixedRules;
import ringside.workloads.pattern.OffsetGenerator;
import ringside.workloads.pattern.SizeMix;
import ringside.workloads.pattern.SplitMix64;

/**
 * Makes a lane's {@link RequestShape} from its job.
 *
 * <p>As in fio, sequential reads and writes of one job each have their own position. Random reads and writes share one
 * random map when their block sizes are equal, so that the two together touch each block once. Sizes of a region's last,
 * incomplete block are left out.
 */
final class ShapeBuilder {
    private static final int SECTOR_BYTES = 512;
    private static final int SIZE_SEEDS = 16;
    private static final int CHOICE_SEED = 32;

    private final JobAccess access;
    private final BlockSizes bs;
    private final JobRegion spec;
    private final JobRegion.Resolved region;
    private final long seed;
    private final boolean random;

    private ShapeBuilder(JobSpec job, JobRegion.Resolved region, long seed) {
        this.access = job.access();
        this.bs = job.bs();
        this.spec = job.region();
        this.region = region;
        this.seed = seed;
        this.random = access.rw().isRandom();
    }

    static RequestShape build(JobSpec job, JobRegion.Resolved region, long seed) {
        ShapeBuilder builder = new ShapeBuilder(job, region, seed);
        return builder.isPlain() ? builder.plain() : builder.mixed();
    }

    private boolean isPlain() {
        OffsetOrder order = access.order();
        return bs.isFixed()
                && order.addBytes() == 0
                && order.perRandom() == 1
                && (!random || access.randomShare().equals(RandomShare.ALL))
                && !spec.stride().isUsed();
    }

    private RequestShape plain() {
        OffsetGenerator reads = plain(0, bs.readBytes());
        boolean shared = random && bs.readBytes() == bs.writeBytes() && !zonesDiffer();
        OffsetGenerator writes = shared ? reads : plain(1, bs.writeBytes());
        return new PlainShape(bs, reads, writes, plain(2, bs.trimBytes()));
    }

    private OffsetGenerator plain(int direction, int blockBytes) {
        return random
                ? offsets(direction, region.offsetBytes(), region.sizeBytes(), blockBytes)
                : OffsetGenerator.sequential(region.offsetBytes(), region.sizeBytes(), blockBytes);
    }

    private RequestShape mixed() {
        OffsetOrder order = access.order();
        MixedRules rules = new MixedRules(
                region.offsetBytes(),
                region.sizeBytes(),
                SplitMix64.derive(seed, CHOICE_SEED),
                random,
                order.addBytes(),
                order.perRandom(),
                order.sequencer() == Sequencer.IDENTICAL,
                spec.stride().rangeBytes(),
                spec.stride().sizeBytes(),
                spec.stride().skipBytes());
        RandomShare share = access.randomShare();
        DirectionShape read = direction(0, bs.read(), bs.align().readBytes(), share.readPercent());
        DirectionShape write = direction(1, bs.write(), bs.align().writeBytes(), share.writePercent());
        boolean shared = random
                && bs.read().equals(bs.write())
                && bs.align().readBytes() == bs.align().writeBytes()
                && !zonesDiffer();
        DirectionShape trim = direction(2, bs.trim(), bs.align().trimBytes(), share.trimPercent());
        return new MixedShape(new MixedRequests(rules, read, shared ? withPlacesOf(read, write) : write, trim));
    }

    private static DirectionShape withPlacesOf(DirectionShape places, DirectionShape shape) {
        return new DirectionShape(
                places.random(), places.map(), shape.randomSizes(), shape.sequentialSizes(), shape.randomPercent());
    }

    private DirectionShape direction(int direction, BlockSize own, int alignBytes, int percent) {
        SizeMix randomSizes = sizes(direction, bs.bySequence() ? bs.write() : own);
        SizeMix sequentialSizes = sizes(direction, bs.bySequence() ? bs.read() : own);
        int distance = alignBytes == 0 ? own.minBytes() : alignBytes;
        long pieceBytes = spec.stride().isUsed() ? spec.stride().rangeBytes() : region.sizeBytes();
        long usableBytes = pieceBytes - Math.max(0, randomSizes.minBytes() - distance);
        boolean mapped = random && usesMap() && distance == own.minBytes() && !randomSizes.isFixed();
        return new DirectionShape(
                offsets(direction, 0, Math.max(usableBytes, distance), distance),
                mapped ? new CoverageMap(pieceBytes, distance, SplitMix64.derive(seed, direction + 1)) : null,
                randomSizes,
                sequentialSizes,
                random ? percent : 0);
    }

    private boolean usesMap() {
        return !access.norandommap() && access.distribution() instanceof RandomDistribution.Uniform;
    }

    private SizeMix sizes(int direction, BlockSize size) {
        int unit = bs.unaligned() ? SECTOR_BYTES : size.minBytes();
        long own = SplitMix64.derive(seed, SIZE_SEEDS + direction);
        if (size.split().isEmpty()) {
            return SizeMix.range(size.minBytes(), size.maxBytes(), unit, own);
        }
        int[] bytes = size.split().stream().mapToInt(BlockSize.Share::bytes).toArray();
        int[] percent = size.split().stream().mapToInt(BlockSize.Share::percent).toArray();
        return SizeMix.split(bytes, percent, unit, own);
    }

    private OffsetGenerator offsets(int direction, long offset, long size, int blockBytes) {
        long own = SplitMix64.derive(seed, direction + 1);
        return switch (access.distribution()) {
            case RandomDistribution.Uniform _ ->
                usesMap() && isOwnDistance(direction, blockBytes)
                        ? OffsetGenerator.permuted(offset, size, blockBytes, own)
                        : OffsetGenerator.uniform(offset, size, blockBytes, own);
            case RandomDistribution.Zipf zipf ->
                OffsetGenerator.zipf(offset, size, blockBytes, zipf.theta(), zipf.center(), own);
            case RandomDistribution.Pareto pareto ->
                OffsetGenerator.pareto(offset, size, blockBytes, pareto.power(), pareto.center(), own);
            case RandomDistribution.Normal normal ->
                OffsetGenerator.normal(offset, size, blockBytes, normal.deviationPercent(), normal.center(), own);
            case RandomDistribution.Zoned zoned -> zoned(zoned, direction, offset, size, blockBytes, own);
        };
    }

    /** Any blockalign other than the block size turns the random map off, as in fio. */
    private boolean isOwnDistance(int direction, int blockBytes) {
        BlockSize size = direction == 0 ? bs.read() : direction == 1 ? bs.write() : bs.trim();
        return blockBytes == size.minBytes();
    }

    private boolean zonesDiffer() {
        return access.distribution() instanceof RandomDistribution.Zoned zoned
                && !zoned.read().equals(zoned.write());
    }

    private static OffsetGenerator zoned(
            RandomDistribution.Zoned zoned, int direction, long offset, long size, int blockBytes, long own) {
        List<RandomDistribution.Zone> zones =
                direction == 0 ? zoned.read() : direction == 1 ? zoned.write() : zoned.trim();
        int[] access = new int[zones.size()];
        long[] ends = new long[zones.size()];
        long end = 0;
        int percent = 0;
        for (int i = 0; i < access.length; i++) {
            access[i] = zones.get(i).accessPercent();
            Extent length = zones.get(i).size();
            percent += length.percent() ? (int) length.value() : 0;
            end = length.percent() ? Extent.percent(percent).resolveBytes(size) : end + length.value();
            ends[i] = end;
        }
        return OffsetGenerator.zoned(offset, size, blockBytes, access, ends, own);
    }
}
