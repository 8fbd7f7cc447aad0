/**
 * The options of block nodes in QEMU's syntax: text or JSON, nested or by name, to the specifications of the emulator. Used by
 * {@code serve}, {@code run} and {@code cli}; uses {@code suite} for units.
 */
package ringside.harness.blockdev;
