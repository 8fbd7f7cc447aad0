/**
 * Unix-domain stream sockets with file descriptors (unix(7)): what {@code vhostuser} and {@code vfiouser} have in common
 * before the first message. The only place that sends or receives descriptors. Uses {@code ffi}.
 */
package ringside.emulator.localsocket;
