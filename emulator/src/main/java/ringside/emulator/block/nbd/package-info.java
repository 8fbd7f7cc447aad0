/**
 * The client of the NBD protocol as a node of the block graph: handshake, requests in flight, structured replies, reconnection. Opened by
 * {@code block.BlockNodes} only.
 */
package ringside.emulator.block.nbd;
