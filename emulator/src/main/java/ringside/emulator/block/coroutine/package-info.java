/**
 * Request paths written as straight-line code on virtual threads that a loop carries. Used by format drivers whose option
 * {@code continuation} says so; the reasons and the figures are in docs/continuations.md.
 */
package ringside.emulator.block.coroutine;
