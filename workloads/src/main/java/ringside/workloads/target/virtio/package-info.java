/**
 * Targets over the guest's virtio-blk driver, as a load generator sees it: the disks of a machine of the emulator, and
 * what targets over any other transport share with them ({@code VirtioBlkTarget}, {@code BlkDisk}, {@code StageWindow}).
 * Used by whoever builds the machine, and by {@code target.vhostuser}.
 */
package ringside.workloads.target.virtio;
