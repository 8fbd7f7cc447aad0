package ringside.emulator.machine;

/** A machine cannot be built as specified. The message is one line that names the place and the remedy. */
public final class MachineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MachineException(String message) {
        super(message);
    }
}
