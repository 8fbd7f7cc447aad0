/**
 * Filters of the block graph: throttle, delay, blkdebug, blkverify, log-writes, copy-on-read, quorum. Each is a node on top of others and acts on
 * both their sides, the asynchronous one of the loops and the blocking one. Opened by {@code block.BlockNodes} only.
 */
package ringside.emulator.block.filter;
