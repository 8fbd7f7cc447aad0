package ringside.emulator.block.proof;

/** Who works on the image for a while: it opens it, does some operations, keeps the model true, and closes it. */
interface DiskPlayer {
    /** Returns how many operations were done. */
    int play();
}
