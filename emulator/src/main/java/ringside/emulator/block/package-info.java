/**
 * The block layer: nodes (null, raw, zoned on top of either, formats and filters in packages of their own), cache modes, per-loop back ends that devices submit to. Uses {@code aio},
 * {@code eventloop}, {@code ffi}, {@code trace}; used by {@code device} and {@code machine}.
 */
package ringside.emulator.block;
