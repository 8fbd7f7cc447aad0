/**
 * The guest: virtual CPUs that halt and are interrupted, the driver side of a transport, the virtio-blk driver. There
 * is no guest kernel; this driver obeys the driver rules of the specification and reaches devices only through a
 * transport's registers and guest memory. Uses {@code transport}, {@code virtqueue}, {@code memory}; used by
 * {@code machine} and the load generator.
 */
package ringside.emulator.guest;
