/**
 * Statistics over results: summaries, intervals and the verdict. Pure functions of {@code results}; used by {@code cli}
 * and by reports.
 */
package ringside.harness.stats;
