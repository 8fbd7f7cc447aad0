package ringside.workloads.conformance.bench;

/** The device under test did not do what it must. The message is the evidence, one line. */
public final class BenchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BenchException(String message) {
        super(message);
    }
}
