package ringside.harness.results;

/**
 * Something that happened while a run was measured and that may explain its figures: a collection, a safepoint.
 *
 * @param kind stable name, for example {@code gc}
 * @param atNs when it began, from the begin of the measured phase
 * @param durationNs how long it took; 0 for a moment
 * @param detail one line for people
 */
public record RunEvent(String kind, long atNs, long durationNs, String detail) {
    /** Kind of the event that says why a run is disturbed; it lasts for the whole measured phase. */
    public static final String DISTURBED = "disturbed";
}
