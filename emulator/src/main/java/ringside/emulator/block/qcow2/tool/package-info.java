/** Work on qcow2 images that nobody has open: creating them. Uses {@code BlockFile} and the format; for tools and tests. */
package ringside.emulator.block.qcow2.tool;
