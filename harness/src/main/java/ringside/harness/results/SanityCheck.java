package ringside.harness.results;

/**
 * A check on a result, for example Little's law.
 *
 * @param name stable name
 * @param passed whether it holds
 * @param detail one sentence with the numbers
 */
public record SanityCheck(String name, boolean passed, String detail) {}
