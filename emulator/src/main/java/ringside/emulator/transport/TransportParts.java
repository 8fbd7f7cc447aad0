package ringside.emulator.transport;

import ringside.emulator.device.VirtioDevice;
import ringside.emulator.eventloop.BigLock;
import ringside.emulator.memory.GuestMemory;

/**
 * What a transport stands between.
 *
 * @param device the device
 * @param memory memory of the guest, our own or a window into another process's
 * @param lock taken for control registers
 * @param kickPolicy what a kick does
 */
public record TransportParts(VirtioDevice device, GuestMemory memory, BigLock lock, KickPolicy kickPolicy) {}
