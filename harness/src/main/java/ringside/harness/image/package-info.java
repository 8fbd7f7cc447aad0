/**
 * {@code ringside image}: what {@code qemu-img} does, with its options, JSON fields and exit codes, on our own block layer. Called
 * by {@code cli}; uses {@code blockdev} for sources that are graphs.
 */
package ringside.harness.image;
