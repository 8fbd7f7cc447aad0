/**
 * qcow2 at run time: one {@code Qcow2Metadata} per image, shared by all loops (cached L2 tables, refcounts, ordered
 * write-back); a blocking path that knows everything ({@code Qcow2File}) and, per loop, a path for what can be done in memory
 * ({@code Qcow2Backend}). Opened by {@code BlockNodes}; uses {@code qcow2.format} for everything on disk.
 */
package ringside.emulator.block.qcow2;
