package ringside.workloads.conformance.bench;

/** What the transports with registers have beyond {@link DeviceLink}. */
public interface RegisterLink extends DeviceLink {
    int status();

    void writeStatus(int value);

    /** A word of the offered features, as the select register chooses it. */
    int offeredWord(int select);

    /** Writes a word of the driver's features. */
    void acceptWord(int select, int word);

    /** Whether the selected queue reads as ready. */
    boolean queueReady(int queue);

    /** The size that the device tells for a queue, 0 where there is none. */
    int queueMaxSize(int queue);

    /** Asks for the reset of a queue; returns at once. */
    void beginQueueReset(int queue);

    /** Whether the reset of a queue is under way, as the register says. */
    boolean queueResetPending(int queue);

    int configGeneration();

    /** Configuration change notifications since the last call. */
    boolean takeConfigNotification();
}
