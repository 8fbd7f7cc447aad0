/**
 * Fuzz targets with an oracle: bytes become what a guest does, the device under test and a plain model of the
 * specification do it both, and afterwards every byte of guest memory must be the same. The coverage-guided fuzzer
 * ({@code scripts/fuzz}) and the seeded tests of every build run the same targets.
 */
package ringside.emulator.fuzz;
