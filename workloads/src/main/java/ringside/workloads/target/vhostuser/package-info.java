/**
 * A vhost-user-blk server as the target of a load: {@code VhostUserTargets} and its {@code VhostUserTargetSpec}. Used by
 * whoever starts or knows the server.
 */
package ringside.workloads.target.vhostuser;
