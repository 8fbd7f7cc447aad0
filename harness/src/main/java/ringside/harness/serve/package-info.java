/**
 * What {@code ringside serve} and {@code ringside soak} are made of: the options of an export, its statistics while it
 * runs, and the load that checks it. Used by {@code cli}.
 */
package ringside.harness.serve;
