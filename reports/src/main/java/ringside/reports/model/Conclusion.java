package ringside.reports.model;

/**
 * A sentence that follows from the results by a rule.
 *
 * @param sentence what was found, with its figures
 * @param rule how it was computed and when it is said
 */
public record Conclusion(String sentence, String rule) {}
