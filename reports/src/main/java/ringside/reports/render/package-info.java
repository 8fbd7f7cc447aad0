/** Puts a report into one file. Found by the harness with {@link java.util.ServiceLoader}; nothing else calls it. */
package ringside.reports.render;
