/**
 * Pages on paper and as pictures, by a Chromium that is installed: the only place that starts a browser. Used by
 * {@code render}, and by tests that look at pages.
 */
package ringside.reports.print;
