package ringside.emulator.machine;

import java.util.List;
import ringside.emulator.block.BlockNode;
import ringside.emulator.device.blk.VirtioBlk;
import ringside.emulator.trace.TimelineTable;
import ringside.emulator.transport.MmioTransport;

/**
 * One disk of a built machine, as a guest and a harness see it.
 *
 * @param spec what it was built from
 * @param node the opened storage
 * @param device the device
 * @param transport the device's register window
 * @param timelines one table per queue, empty when timelines are off
 */
public record MachineDisk(
        DiskSpec spec, BlockNode node, VirtioBlk device, MmioTransport transport, List<TimelineTable> timelines) {}
