package ringside.workloads.conformance.spec;

/** A test has nothing to say here; the message is the reason. */
public final class NotApplicable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NotApplicable(String message) {
        super(message);
    }
}
