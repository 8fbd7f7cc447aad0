package ringside.emulator.block.qcow2.tool;

import ringside.emulator.block.BlockFile;
import ringside.emulator.block.qcow2.format.Qcow2Header;

/** Sets the flags that say whether a refcount is 1, after refcounts have gone down. */
public final class CopiedFlagsFixer {
    private CopiedFlagsFixer() {}

    /** Corrects all flags of the active image, which nobody has open. */
    public static void fix(BlockFile file, String image) {
        Qcow2Header header = Qcow2Header.read(file, image);
        new CopiedFlags(file, header, new RecordedRefcounts(file, header), new CheckResult()).check(true);
        file.flush();
    }
}
