package ringside.emulator.block.qcow2;

import ringside.emulator.block.BlockCompletion;
import ringside.emulator.block.BlockRequest;

/** A part of a request that is stored in one piece. Reused with its request. */
final class Qcow2Part implements BlockCompletion {
    final BlockRequest below = new BlockRequest(this);
    private final Qcow2Request owner;

    Extent.Kind kind;

    /** First byte within the request, and how many. */
    long fromBytes;

    long lengthBytes;

    /** Where it is in the data file. */
    long hostBytes;

    /** A write to new clusters, which are linked when the data are there. */
    boolean allocates;

    Qcow2Part(Qcow2Request owner) {
        this.owner = owner;
    }

    @Override
    public void completed(BlockRequest request, int error) {
        owner.partCompleted(error);
    }
}
