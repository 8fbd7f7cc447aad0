package ringside.workloads.load;

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
 */
public record IoFailure(String job, int disk, IoUnit.Op op, long offsetBytes, int lengthBytes, int errno) {
    /** One line. */
    public String message() {
        return "job " + job + ": " + op.name().toLowerCase(java.util.Locale.ROOT) + " of " + lengthBytes
                + " bytes at offset " + offsetBytes + " of disk " + disk + " failed with errno " + errno;
    }
}
