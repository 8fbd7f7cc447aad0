package ringside.emulator.block.qcow2;

import java.util.Optional;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.Qcow2Spec;
import ringside.emulator.block.qcow2.format.Qcow2Header;

/** What {@link Qcow2Opener} found out, for the node. */
record Qcow2Opening(
        Qcow2Spec spec,
        BlockNode file,
        Optional<BlockNode> dataFile,
        BackingSource backing,
        Qcow2Header header,
        HeaderWriter headerWriter,
        Qcow2Metadata metadata,
        ClusterCodec codec,
        long sizeBytes) {}
