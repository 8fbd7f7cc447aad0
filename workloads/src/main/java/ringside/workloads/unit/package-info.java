/** The load generator's I/O unit (fio: io_u), a reused slot. Used by {@code target}, {@code load} and {@code runner}. */
package ringside.workloads.unit;
