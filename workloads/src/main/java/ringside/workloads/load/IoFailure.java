package ringside.workloads.load;

import java.util.Locale;
import ringside.workloads.unit.IoUnit;

/**
 * An I/O error.
 *
 * @param job name of the job
 * @param disk index of the disk
 * @param op what was tried
 * @param offsetBytes where
 * @param lengthBytes how much
 * @param errno positive errno
 * @param wrong what is wrong with the data of a read that was checked; empty for other failures
 */
public record IoFailure(
        String job, int disk, IoUnit.Op op, long offsetBytes, int lengthBytes, int errno, String wrong) {
    /** One line. */
    public String message() {
        return "job " + job + ": " + op.name().toLowerCase(Locale.ROOT) + " of " + lengthBytes + " bytes at offset "
                + offsetBytes + " of disk " + disk
                + (wrong.isEmpty() ? " failed with errno " + errno : ": what was read " + wrong);
    }
}
