package ringside.workloads.job;

/** Where the requests go, in which direction and how large they are. */
final class ShapeOptions extends OptionGroup {
    private JobAccess access = JobAccess.DEFAULT;
    private Sequencer sequencer = Sequencer.SEQUENTIAL;
    private BlockSizes bs = BlockSizes.DEFAULT;
    private boolean unaligned;
    private boolean bySequence;
    private BlockAlign align = BlockAlign.SMALLEST;

    ShapeOptions() {
        option("rw", this::setRw);
        option("rw_sequencer", value -> sequencer = Sequencer.of(value));
        option("rwmixread", value -> access = access.withRwmixread(percent("rwmixread", value)));
        option("rwmixwrite", value -> access = access.withRwmixread(100 - percent("rwmixwrite", value)));
        option("bs", value -> bs = BlockSizes.parse(value));
        option("bsrange", value -> bs = BlockSizes.parseRange(value));
        option("bssplit", value -> bs = BlockSizes.parseSplit(value));
        flag("bs_unaligned", value -> unaligned = value);
        option("bs_is_seq_rand", value -> bySequence = FioUnits.bool("bs_is_seq_rand", value));
        option("blockalign", value -> align = BlockAlign.parse(value));
        randomOptions();
    }

    private void randomOptions() {
        flag("norandommap", value -> access = access.withNorandommap(value));
        option("percentage_random", value -> access = access.withRandomShare(RandomShare.parse(value)));
        option("random_distribution", value -> access = access.withDistribution(DistributionParser.parse(value)));
        option(
                "randseed",
                value -> access = access.withRandseed(FioUnits.integer("randseed", value, 0, Long.MAX_VALUE)));
        option("randrepeat", value -> requireRepeat("randrepeat", value));
        option("allrandrepeat", value -> requireRepeat("allrandrepeat", value));
        option("random_generator", ShapeOptions::requireGenerator);
        option("softrandommap", value -> FioUnits.bool("softrandommap", value));
    }

    JobAccess access() {
        return access.withOrder(access.order().withSequencer(sequencer));
    }

    BlockSizes bs() {
        return bs.withFlags(unaligned, bySequence, align);
    }

    private void setRw(String value) {
        int colon = value.indexOf(':');
        ReadWrite rw = ReadWrite.of(colon < 0 ? value : value.substring(0, colon));
        OffsetOrder order =
                colon < 0 ? OffsetOrder.DEFAULT : OffsetOrder.DEFAULT.withPostfix(rw, value.substring(colon + 1));
        access = access.withRw(rw).withOrder(order);
    }

    private static void requireRepeat(String option, String value) {
        if (!FioUnits.bool(option, value)) {
            throw new IllegalArgumentException(
                    option + "=0 is not supported, every run can be repeated: give another randseed instead");
        }
    }

    /** All of fio's generators are one here; what they promise, each block once, the random map keeps. */
    private static void requireGenerator(String value) {
        switch (value) {
            case "tausworthe", "tausworthe64", "lfsr" -> {}
            default ->
                throw new IllegalArgumentException(
                        "random_generator=" + value + " is not known: use tausworthe, tausworthe64 or lfsr");
        }
    }
}
