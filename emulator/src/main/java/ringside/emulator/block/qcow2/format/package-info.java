/**
 * What a qcow2 image looks like on disk, and nothing else: header and extensions, geometry, table entries, refcounts. Stateless;
 * for the rooms below {@code ringside.emulator.block}. Source of every offset and bit: QEMU, docs/interop/qcow2.rst.
 */
package ringside.emulator.block.qcow2.format;
