package ringside.workloads.job;

import java.util.List;

/**
 * A job section with everything that applies to it.
 *
 * @param line 1-based line of its header
 * @param name text between the brackets
 * @param lines the options of all [global] sections above it, then its own
 */
record JobSection(int line, String name, List<JobLine> lines) {}
