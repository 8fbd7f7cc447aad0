package ringside.workloads.target.virtio;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.guest.BlkDriverQueue;
import ringside.emulator.guest.DriverTransport;
import ringside.emulator.memory.Le;
import ringside.emulator.trace.LogHistogram;
import ringside.workloads.target.IoTarget;
import ringside.workloads.target.SubmitStatus;
import ringside.workloads.unit.IoUnit;

/**
 * One request queue of a virtio-blk disk as a target, whatever transport leads to it. One thread; does not allocate per
 * unit.
 */
public final class VirtioBlkTarget implements IoTarget {
    private static final long PAGE_BYTES = 4096;
    private static final int LOOK_AT_DEVICE_MASK = (1 << 20) - 1;
    private static final int EIO = 5;
    private static final int EOPNOTSUPP = 95;

    private final BlkDriverQueue queue;
    private final BlkDisk disk;
    private final IoUnit[] unitOfHead;
    private final Optional<StageRecorder> stages;
    private int emptyPolls;

    public VirtioBlkTarget(BlkDriverQueue queue, BlkDisk disk) {
        this.queue = queue;
        this.disk = disk;
        this.unitOfHead = new IoUnit[queue.heads()];
        this.stages = queue.timeline() == null ? Optional.empty() : Optional.of(new StageRecorder(disk.place()));
        queue.disableInterrupts();
    }

    @Override
    public long capacityBytes() {
        return disk.capacityBytes();
    }

    @Override
    public int maxDepth() {
        return queue.maxDepth();
    }

    @Override
    public IoUnit[] allocateUnits(int depth, int bufferBytes) {
        IoUnit[] units = new IoUnit[depth];
        for (int i = 0; i < depth; i++) {
            long gpa = disk.allocator().allocate(bufferBytes, PAGE_BYTES);
            MemorySegment ram = disk.memory().ram();
            MemorySegment buffer = ram.asSlice(disk.memory().translate(gpa, bufferBytes), bufferBytes);
            units[i] = new IoUnit(i, buffer, gpa);
        }
        return units;
    }

    @Override
    public SubmitStatus submit(IoUnit unit) {
        int head = switch (unit.op) {
            case READ -> transfer(BlkConstants.VIRTIO_BLK_T_IN, unit);
            case WRITE -> transfer(BlkConstants.VIRTIO_BLK_T_OUT, unit);
            case FLUSH -> queue.submit(BlkConstants.VIRTIO_BLK_T_FLUSH, 0, 0, 0);
            case TRIM -> discard(unit);
        };
        if (head == BlkDriverQueue.NONE) {
            return SubmitStatus.BUSY;
        }
        unitOfHead[head] = unit;
        return SubmitStatus.QUEUED;
    }

    private int transfer(int type, IoUnit unit) {
        return queue.submit(type, unit.offsetBytes >> BlkConstants.SECTOR_SHIFT, unit.bufferAddress, unit.lengthBytes);
    }

    /** The range travels in the first bytes of the unit's buffer. */
    private int discard(IoUnit unit) {
        Le.put64(unit.buffer, 0, unit.offsetBytes >> BlkConstants.SECTOR_SHIFT);
        Le.put32(unit.buffer, 8, unit.lengthBytes >> BlkConstants.SECTOR_SHIFT);
        Le.put32(unit.buffer, 12, 0);
        return queue.submit(BlkConstants.VIRTIO_BLK_T_DISCARD, 0, unit.bufferAddress, BlkConstants.RANGE_BYTES);
    }

    @Override
    public void commit() {
        queue.publish();
    }

    @Override
    public IoUnit poll() {
        int head = queue.poll();
        if (head == BlkDriverQueue.NONE) {
            // A thread that spins never halts, so it has to look for a broken device by itself, now and then.
            if ((++emptyPolls & LOOK_AT_DEVICE_MASK) == 0) {
                handleInterrupt();
            }
            return null;
        }
        if (stages.isPresent() && queue.timeline().isSampled(head)) {
            stages.get().record(queue.timeline(), head);
        }
        IoUnit unit = unitOfHead[head];
        unit.error = errorOf(queue.status(head));
        return unit;
    }

    private static int errorOf(int status) {
        return switch (status) {
            case BlkConstants.VIRTIO_BLK_S_OK -> 0;
            case BlkConstants.VIRTIO_BLK_S_UNSUPP -> EOPNOTSUPP;
            default -> EIO;
        };
    }

    @Override
    public boolean prepareToHalt() {
        return queue.enableInterrupts();
    }

    /** The interrupt handler's part on the transport; a device that asks for a reset is {@link BlkDisk#onLoss()}'s. */
    void handleInterrupt() {
        int pending = queue.handleInterrupt();
        if ((pending & DriverTransport.INTERRUPT_CONFIG) != 0 && queue.needsReset()) {
            disk.onLoss().lost(queue.index());
        }
    }

    Optional<Map<StageRecorder.Stage, LogHistogram>> stages() {
        return stages.map(StageRecorder::snapshot);
    }

    @Override
    public void close() {
        // The driver belongs to the target set.
    }
}
