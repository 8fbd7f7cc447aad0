package ringside.workloads.job;

import java.nio.file.Path;

/**
 * One option as written.
 *
 * @param file the job file, or the included file it stands in
 * @param line 1-based line in the file
 * @param option name before the equals sign
 * @param value text after it, empty for a bare flag
 * @param bare whether there was no equals sign
 */
record JobLine(Path file, int line, String option, String value, boolean bare) {}
