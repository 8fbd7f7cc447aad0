package ringside.harness.trend;

/**
 * One results folder of a history.
 *
 * @param label revision and folder, for people
 * @param folder name of the folder
 * @param revision revision of Ringside that was measured, as recorded
 * @param startedAt begin of its first run, ISO-8601 with offset
 */
public record TrendPoint(String label, String folder, String revision, String startedAt) {}
