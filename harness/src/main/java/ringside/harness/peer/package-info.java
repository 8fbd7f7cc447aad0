/**
 * Peers of the emulated machine: vhost-user servers started from a template, fio on the host, their processes, versions
 * and costs. Used by {@code run}.
 */
package ringside.harness.peer;
