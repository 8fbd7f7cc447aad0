package ringside.workloads.target.vhostuser;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.device.blk.BlkConstants;
import ringside.emulator.guest.BlkDriverQueue;
import ringside.emulator.guest.HaltPolling;
import ringside.emulator.guest.VirtioBlkDriver;
import ringside.emulator.localsocket.PeerException;
import ringside.emulator.memory.GuestAllocator;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.memory.GuestRegionSpec;
import ringside.emulator.trace.LogHistogram;
import ringside.emulator.trace.TimelineTable;
import ringside.emulator.vhostuser.ProtocolFeatures;
import ringside.emulator.vhostuser.client.CallWaiter;
import ringside.emulator.vhostuser.client.FrontEndSpec;
import ringside.emulator.vhostuser.client.NegotiatedFeatures;
import ringside.emulator.vhostuser.client.VhostUserFrontEnd;
import ringside.emulator.virtqueue.RingFeatures;
import ringside.workloads.target.HaltPolicy;
import ringside.workloads.target.IoTarget;
import ringside.workloads.target.TargetSet;
import ringside.workloads.target.virtio.BlkDisk;
import ringside.workloads.target.virtio.StageWindow;
import ringside.workloads.target.virtio.VirtioBlkTarget;

/**
 * The disk of a vhost-user-blk server as targets: guest memory of our own that the server maps, the guest's driver on its
 * rings. Load threads that wait for interrupts sleep on the call eventfds of their queues.
 */
public final class VhostUserTargets implements TargetSet {
    private static final long RAM_BASE_GPA = 0x4000_0000L;
    private static final long ALIGNMENT_BYTES = 2L << 20;

    private final VhostUserTargetSpec spec;
    private final GuestMemory memory;
    private final GuestAllocator allocator;
    private final VhostUserFrontEnd frontEnd;
    private final VirtioBlkDriver driver;
    private final BlkDisk disk;
    private final Map<Integer, List<BlkDriverQueue>> queuesOfThread = new HashMap<>();
    private final List<CallWaiter> waiters = new ArrayList<>();
    private final List<VirtioBlkTarget> targets = new ArrayList<>();
    private final StageWindow stages = new StageWindow(targets);

    private VhostUserTargets(VhostUserTargetSpec spec, GuestMemory memory, VhostUserFrontEnd frontEnd) {
        this.spec = spec;
        this.memory = memory;
        this.frontEnd = frontEnd;
        this.allocator = new GuestAllocator(memory);
        this.driver = new VirtioBlkDriver(frontEnd, memory, allocator);
        driver.initialise(timelines(spec));
        this.disk =
                new BlkDisk(memory, allocator, driver.capacityBytes(), BlkDisk.Place.ELSEWHERE, _ -> checkConnection());
    }

    /**
     * Connects to the server, shares memory with it and starts the queues.
     *
     * @throws ringside.emulator.ffi.NativeException when nobody listens on the socket in time, or memory is short
     * @throws PeerException when the server is not usable, with one line that says why
     */
    public static VhostUserTargets connect(VhostUserTargetSpec spec) {
        FrontEndSpec frontEndSpec = frontEndSpec(spec);
        long bytes = (spec.memoryBytes() + ALIGNMENT_BYTES - 1) & -ALIGNMENT_BYTES;
        GuestMemory memory = GuestMemory.allocate(List.of(new GuestRegionSpec(RAM_BASE_GPA, bytes)), spec.hugePages());
        try {
            return start(spec, memory, VhostUserFrontEnd.connect(frontEndSpec, memory));
        } catch (RuntimeException e) {
            memory.close();
            throw e;
        }
    }

    private static VhostUserTargets start(VhostUserTargetSpec spec, GuestMemory memory, VhostUserFrontEnd frontEnd) {
        try {
            long missing = required(spec) & ~frontEnd.deviceFeatures();
            if (missing != 0) {
                throw new PeerException("the vhost-user server on " + spec.socket() + " does not offer "
                        + new NegotiatedFeatures(missing, 0).describeVirtio());
            }
            return new VhostUserTargets(spec, memory, frontEnd);
        } catch (RuntimeException e) {
            frontEnd.close();
            throw e;
        }
    }

    private static FrontEndSpec frontEndSpec(VhostUserTargetSpec spec) {
        long unwanted = (spec.eventIdx() ? 0 : VirtioFeatures.VIRTIO_F_EVENT_IDX)
                | (spec.indirect() ? 0 : VirtioFeatures.VIRTIO_F_INDIRECT_DESC);
        return FrontEndSpec.of(spec.socket(), spec.queues(), spec.queueSize(), required(spec))
                .withoutFeatures(unwanted)
                .withoutProtocolFeatures(spec.inflight() ? 0 : ProtocolFeatures.INFLIGHT_SHMFD)
                .withTimeouts(spec.timeouts().connectNs(), spec.timeouts().replyNs());
    }

    private static long required(VhostUserTargetSpec spec) {
        return VirtioFeatures.of(new RingFeatures(spec.packed(), false, false, spec.inOrder()));
    }

    private static List<TimelineTable> timelines(VhostUserTargetSpec spec) {
        return spec.timelineSampleEvery() == 0
                ? List.of()
                : IntStream.range(0, spec.queues())
                        .mapToObj(_ -> new TimelineTable(spec.queueSize(), spec.timelineSampleEvery()))
                        .toList();
    }

    /** Size of the disk in bytes. */
    public long capacityBytes() {
        return disk.capacityBytes();
    }

    /** Whether the server refuses writes. */
    public boolean readOnly() {
        return driver.has(BlkConstants.VIRTIO_BLK_F_RO);
    }

    /** What was negotiated, by name. */
    public NegotiatedFeatures negotiated() {
        return frontEnd.negotiated();
    }

    @Override
    public int disks() {
        return 1;
    }

    @Override
    public int queuesPerDisk() {
        return driver.queues().size();
    }

    @Override
    public boolean readOnly(int disk) {
        return readOnly();
    }

    @Override
    public IoTarget open(int diskNumber, int queue, int thread) {
        BlkDriverQueue driven = driver.queues().get(queue);
        queuesOfThread.values().forEach(queues -> queues.remove(driven)); // of an earlier run
        queuesOfThread.computeIfAbsent(thread, _ -> new ArrayList<>()).add(driven);
        VirtioBlkTarget target = new VirtioBlkTarget(driven, disk);
        targets.add(target);
        return target;
    }

    @Override
    public HaltPolicy haltPolicy(int thread) {
        List<BlkDriverQueue> queues = queuesOfThread.getOrDefault(thread, List.of());
        CallWaiter waiter =
                frontEnd.callWaiter(queues.stream().map(BlkDriverQueue::index).toList());
        waiters.add(waiter);
        return new CallHalt(
                waiter,
                queues.toArray(BlkDriverQueue[]::new),
                new HaltPolling(spec.haltPollNs()),
                this::checkConnection);
    }

    /** Any load thread. */
    private void checkConnection() {
        if (!frontEnd.isLost()) {
            return;
        }
        if (spec.timeouts().reconnectNs() == 0) {
            throw new PeerException("the vhost-user server on " + spec.socket()
                    + " hung up under load; see whether it crashed or was stopped");
        }
        frontEnd.reconnect(spec.timeouts().reconnectNs());
    }

    /** See {@link StageWindow#begin()}. */
    public void beginStages() {
        stages.begin();
    }

    /** See {@link StageWindow#end()}. */
    public void endStages() {
        stages.end();
    }

    /** See {@link StageWindow#stages()}. There are two: {@code slat} and, for all the rest, {@code server}. */
    public Map<String, LogHistogram> stages() {
        return stages.stages();
    }

    /** Stops the queues, hangs up and frees the memory. */
    @Override
    public void close() {
        try {
            frontEnd.close();
        } finally {
            waiters.forEach(CallWaiter::close);
            memory.close();
        }
    }
}
