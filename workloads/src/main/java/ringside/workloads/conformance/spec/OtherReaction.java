package ringside.workloads.conformance.spec;

/** The device does something else than recommended or proposed, and nothing that is forbidden. The message is the evidence. */
public final class OtherReaction extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public OtherReaction(String message) {
        super(message);
    }
}
