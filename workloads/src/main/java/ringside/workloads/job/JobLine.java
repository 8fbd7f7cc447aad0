package ringside.workloads.job;

/**
 * One option as written.
 *
 * @param line 1-based line in the file
 * @param option name before the equals sign
 * @param value text after it, empty for a bare flag
 * @param bare whether there was no equals sign
 */
record JobLine(int line, String option, String value, boolean bare) {}
