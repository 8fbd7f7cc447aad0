/**
 * The closed loop: lanes that keep their queue depth exactly full, and the driver of one queue. Nothing called per
 * request allocates, locks or boxes. Knows nothing of phases' lengths or threads. Used by {@code runner} and tests.
 */
package ringside.workloads.load;
