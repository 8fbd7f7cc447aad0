/**
 * Reports for browsers on this host, following their folders while a suite runs. Binds the loopback address only, and
 * answers only requests that name it. Used by {@code render}.
 */
package ringside.reports.serve;
