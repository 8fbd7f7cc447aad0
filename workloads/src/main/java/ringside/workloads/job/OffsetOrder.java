package ringside.workloads.job;

/**
 * What follows the colon of {@code rw=}: the distance of a sequential job, the run length of a random one.
 *
 * @param addBytes added to the end of a sequential request before the next one begins; 0: none, negative: backwards. A
 *     multiple of 512
 * @param perRandom requests per new random offset, 1 or more
 * @param sequencer where the requests between go
 */
public record OffsetOrder(long addBytes, int perRandom, Sequencer sequencer) {
    /** fio's default: no holes, each offset new. */
    public static final OffsetOrder DEFAULT = new OffsetOrder(0, 1, Sequencer.SEQUENTIAL);

    public OffsetOrder {
        if (addBytes % 512 != 0) {
            throw new IllegalArgumentException("rw=...:" + addBytes + " is not a multiple of 512: use whole sectors");
        }
        if (perRandom < 1) {
            throw new IllegalArgumentException("rw=rand...:" + perRandom + " is out of range: it must be 1 or more");
        }
    }

    OffsetOrder withPostfix(ReadWrite rw, String postfix) {
        boolean back = postfix.startsWith("-");
        long value = FioUnits.bytes("rw=" + rw.label(), back ? postfix.substring(1) : postfix);
        if (!rw.isRandom()) {
            return new OffsetOrder(back ? -value : value, 1, sequencer);
        }
        if (back || value < 1 || value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("rw=" + rw.label() + ":" + postfix
                    + " is out of range: give the requests per random offset, 1 or more");
        }
        return new OffsetOrder(0, (int) value, sequencer);
    }

    OffsetOrder withSequencer(Sequencer value) {
        return new OffsetOrder(addBytes, perRandom, value);
    }
}
