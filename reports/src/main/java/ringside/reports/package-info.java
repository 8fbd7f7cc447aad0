/**
 * Reports: turns a folder of results into one HTML file. Nothing in other modules refers to it; the harness finds it with
 * {@link java.util.ServiceLoader}.
 */
package ringside.reports;
