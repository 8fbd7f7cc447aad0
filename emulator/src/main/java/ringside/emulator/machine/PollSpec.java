package ringside.emulator.machine;

/**
 * Adaptive polling of an IOThread with QEMU's parameters.
 *
 * @param maxNs upper bound of the busy-poll phase; 0 switches polling off; QEMU's default is 32,768
 * @param grow factor by which the phase grows when work came soon after it; 0 means 2
 * @param shrink divisor by which the phase shrinks when work came much later; 0 means back to 0 at once
 */
public record PollSpec(long maxNs, int grow, int shrink) {
    /** QEMU's default for an IOThread. */
    public static final PollSpec QEMU_DEFAULT = new PollSpec(32_768, 0, 0);

    /** No polling. */
    public static final PollSpec OFF = new PollSpec(0, 0, 0);

    public PollSpec {
        if (maxNs < 0 || grow < 0 || shrink < 0) {
            throw new IllegalArgumentException("poll-max-ns, poll-grow and poll-shrink must not be negative: " + maxNs
                    + ", " + grow + ", " + shrink);
        }
    }
}
