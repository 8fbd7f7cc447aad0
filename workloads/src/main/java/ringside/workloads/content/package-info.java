/**
 * What the buffers of writes hold when a job asks for more than stamps: zeros, patterns, random data that compress or
 * repeat to a given degree. Deterministic from a seed; no method called per request allocates. Used by {@code load}.
 */
package ringside.workloads.content;
