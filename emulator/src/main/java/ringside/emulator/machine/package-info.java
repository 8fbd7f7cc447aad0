/**
 * The only composition root of the emulator: specifications of a machine and the machine built from them. May use
 * everything below; used by {@code workloads} and {@code harness}.
 */
package ringside.emulator.machine;
