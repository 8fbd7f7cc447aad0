/**
 * The front-end of vhost-user: shares guest memory and rings with any vhost-user-blk server and drives it through the
 * guest's own driver. Public: {@code VhostUserFrontEnd}, its {@code FrontEndSpec}, {@code CallWaiter} and
 * {@code NegotiatedFeatures}. Used by the load generator. Source: QEMU docs/interop/vhost-user.rst.
 */
package ringside.emulator.vhostuser.client;
