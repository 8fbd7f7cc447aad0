package ringside.workloads.job;

/** What a random job does between two new random offsets (fio: rw_sequencer). */
public enum Sequencer {
    /** It goes on behind the last request. */
    SEQUENTIAL,
    /** It repeats the last offset. */
    IDENTICAL;

    static Sequencer of(String text) {
        return switch (text) {
            case "sequential" -> SEQUENTIAL;
            case "identical" -> IDENTICAL;
            default ->
                throw new IllegalArgumentException(
                        "rw_sequencer=" + text + " is not known: use sequential or identical");
        };
    }
}
