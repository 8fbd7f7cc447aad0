/**
 * Results folders in order of time, and where a cell changed its level. Used by {@code cli} and by reports; uses
 * {@code results} and {@code stats} only.
 */
package ringside.harness.trend;
