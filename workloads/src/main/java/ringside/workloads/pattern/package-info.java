/**
 * Where and in which direction the next request goes. Deterministic from a seed; no method called per request
 * allocates. Knows nothing of jobs, targets or threads. Used by {@code load}, {@code verify} and tests.
 */
package ringside.workloads.pattern;
