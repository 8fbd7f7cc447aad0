package ringside.emulator.block;

/** What a raw request does when its current operation has ended. */
@FunctionalInterface
interface RawStep {
    /** @param error 0 or a positive errno */
    void ended(int error);
}
