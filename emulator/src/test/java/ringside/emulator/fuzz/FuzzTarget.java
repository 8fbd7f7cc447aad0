package ringside.emulator.fuzz;

/** Something that any bytes may be given to. The same bytes do the same each time. One thread at a time. */
public interface FuzzTarget extends AutoCloseable {
    /**
     * Gives it the bytes.
     *
     * @throws AssertionError when the device and the specification disagree
     */
    void run(byte[] input);

    @Override
    void close();
}
