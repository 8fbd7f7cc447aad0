package ringside.workloads.job;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ringside.workloads.trace.TraceOp;
import ringside.workloads.trace.TraceRules;

/**
 * The shape of a job's requests as fio's options: {@code rw} and the block size always, others where they are not fio's
 * default. What a result records and what a peer fio is told. A job with these options has the same shape.
 */
public final class ShapeText {
    private final Map<String, String> options = new LinkedHashMap<>();

    private ShapeText() {}

    /** The options in fio's notation by canonical name. */
    public static Map<String, String> of(JobSpec job) {
        ShapeText text = new ShapeText();
        text.access(job.access());
        text.sizes(job.bs());
        text.region(job.region());
        text.content(job.content());
        text.trace(job.trace());
        return Map.copyOf(text.options);
    }

    private void access(JobAccess access) {
        OffsetOrder order = access.order();
        String postfix =
                order.addBytes() != 0 ? ":" + order.addBytes() : order.perRandom() > 1 ? ":" + order.perRandom() : "";
        options.put("rw", access.rw().label() + postfix);
        if (order.sequencer() != Sequencer.SEQUENTIAL) {
            options.put("rw_sequencer", order.sequencer().name().toLowerCase(Locale.ROOT));
        }
        put("norandommap", access.norandommap() ? "1" : "", "");
        RandomShare share = access.randomShare();
        if (!share.equals(RandomShare.ALL)) {
            options.put(
                    "percentage_random", share.readPercent() + "," + share.writePercent() + "," + share.trimPercent());
        }
        put("random_distribution", distribution(access.distribution()), "random");
    }

    private static String distribution(RandomDistribution distribution) {
        return switch (distribution) {
            case RandomDistribution.Uniform _ -> "random";
            case RandomDistribution.Zipf zipf -> "zipf:" + zipf.theta() + center(zipf.center());
            case RandomDistribution.Pareto pareto -> "pareto:" + pareto.power() + center(pareto.center());
            case RandomDistribution.Normal normal -> "normal:" + normal.deviationPercent() + center(normal.center());
            case RandomDistribution.Zoned zoned -> zoned(zoned);
        };
    }

    private static String center(double center) {
        return center == RandomDistribution.NO_CENTER ? "" : ":" + center;
    }

    private static String zoned(RandomDistribution.Zoned zoned) {
        boolean percent = zoned.read().getFirst().size().percent();
        String zones = Stream.of(zoned.read(), zoned.write(), zoned.trim())
                .map(list -> list.stream()
                        .map(zone -> zone.accessPercent() + "/" + zone.size().value())
                        .collect(Collectors.joining(":")))
                .collect(Collectors.joining(","));
        boolean same = zoned.read().equals(zoned.write()) && zoned.read().equals(zoned.trim());
        return (percent ? "zoned:" : "zoned_abs:") + (same ? zones.substring(0, zones.indexOf(',')) : zones);
    }

    private void sizes(BlockSizes bs) {
        Stream<BlockSize> all = Stream.of(bs.read(), bs.write(), bs.trim());
        if (Stream.of(bs.read(), bs.write(), bs.trim())
                .anyMatch(size -> !size.split().isEmpty())) {
            options.put("bssplit", join(all, size -> size.isFixed() ? size.maxBytes() + "/100" : size.toString()));
        } else if (Stream.of(bs.read(), bs.write(), bs.trim()).anyMatch(size -> !size.isFixed())) {
            options.put("bsrange", join(all, size -> size.minBytes() + "-" + size.maxBytes()));
        } else {
            options.put("bs", join(all, BlockSize::toString));
        }
        put("bs_unaligned", bs.unaligned() ? "1" : "", "");
        put("bs_is_seq_rand", bs.bySequence() ? "1" : "", "");
        BlockAlign align = bs.align();
        put("blockalign", align.readBytes() + "," + align.writeBytes() + "," + align.trimBytes(), "0,0,0");
    }

    private static String join(Stream<BlockSize> sizes, Function<BlockSize, String> one) {
        List<String> three = sizes.map(one).toList();
        return three.stream().distinct().count() == 1 ? three.getFirst() : String.join(",", three);
    }

    private void region(JobRegion region) {
        put("offset_increment", region.offsetIncrement().toString(), "0");
        put("offset_align", Integer.toString(region.offsetAlignBytes()), "0");
        put("number_ios", Long.toString(region.numberIos()), "0");
        ZoneStride stride = region.stride();
        if (stride.isUsed()) {
            options.put("zonemode", "strided");
            options.put("zonerange", Long.toString(stride.rangeBytes()));
            options.put("zonesize", Long.toString(stride.sizeBytes()));
            put("zoneskip", Long.toString(stride.skipBytes()), "0");
        }
    }

    private void content(JobContent content) {
        put("zero_buffers", content.zero() ? "1" : "", "");
        put("refill_buffers", content.refill() ? "1" : "", "");
        put("scramble_buffers", content.scramble() ? "1" : "0", "1");
        put("buffer_pattern", content.pattern().toString(), "");
        if (content.compressPercent() > 0) {
            options.put("buffer_compress_percentage", Integer.toString(content.compressPercent()));
            options.put("buffer_compress_chunk", Integer.toString(content.compressChunkBytes()));
        }
        put("dedupe_percentage", Integer.toString(content.dedupePercent()), "0");
        if (content.workingSetPercent() > 0) {
            options.put("dedupe_mode", "working_set");
            options.put("dedupe_working_set_percentage", Integer.toString(content.workingSetPercent()));
        }
    }

    private void trace(JobTrace trace) {
        if (trace.isReplayed()) {
            options.put(
                    "read_iolog",
                    trace.files().stream()
                            .map(file -> file.toString().replace(":", "\\:"))
                            .collect(Collectors.joining(":")));
            TraceRules rules = trace.rules();
            put("replay_no_stall", rules.noStall() ? "1" : "", "");
            put("replay_time_scale", Integer.toString(rules.timeScalePercent()), "100");
            put("replay_align", Integer.toString(rules.alignBytes()), "0");
            put("replay_scale", Integer.toString(rules.scale()), "1");
            put("replay_skip", skipped(rules), "");
        }
        if (trace.isRecorded()) {
            options.put("write_iolog", trace.record().toString().replace(":", "\\:"));
        }
    }

    private static String skipped(TraceRules rules) {
        return Stream.of(TraceOp.values())
                .filter(rules.skip()::contains)
                .map(op -> op.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(","));
    }

    private void put(String name, String value, String usual) {
        if (!value.equals(usual)) {
            options.put(name, value);
        }
    }
}
