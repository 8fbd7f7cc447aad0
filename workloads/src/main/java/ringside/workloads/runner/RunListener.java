package ringside.workloads.runner;

/**
 * Told about a run by the thread that called {@link JobRunner#run}.
 *
 * <p>MEASURE is framed so that counters are read under load: {@code phaseStarted(MEASURE)} comes just before the load
 * threads are told to measure, {@code phaseEnded(MEASURE)} just before they are told to stop. The lanes measure their own
 * windows, so a slow listener does not change rates, but it lengthens the phase.
 */
public interface RunListener {
    /** Hears nothing. */
    RunListener NONE = new RunListener() {};

    /** A phase is about to begin. */
    default void phaseStarted(Phase phase) {}

    /** A phase is about to end. */
    default void phaseEnded(Phase phase) {}

    /** About every 100 ms. */
    default void progress(RunProgress progress) {}
}
