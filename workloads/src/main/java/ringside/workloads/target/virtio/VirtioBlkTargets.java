package ringside.workloads.target.virtio;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ringside.emulator.guest.GuestTransport;
import ringside.emulator.guest.VirtioBlkDriver;
import ringside.emulator.guest.VirtualCpu;
import ringside.emulator.machine.Machine;
import ringside.emulator.machine.MachineDisk;
import ringside.emulator.trace.LogHistogram;
import ringside.workloads.target.HaltPolicy;
import ringside.workloads.target.IoTarget;
import ringside.workloads.target.TargetSet;

/**
 * All disks of a started machine as targets: one guest driver per disk, one vCPU per load thread. The drivers are
 * initialised through their transports when the set is made, and reset when it is closed.
 */
public final class VirtioBlkTargets implements TargetSet {
    private final Machine machine;
    private final List<GuestTransport> transports = new ArrayList<>();
    private final List<VirtioBlkDriver> drivers = new ArrayList<>();
    private final long haltPollNs;
    private final Map<Integer, VirtualCpu> cpus = new HashMap<>();
    private final Map<Integer, List<VirtioBlkTarget>> targetsOfThread = new HashMap<>();
    private final List<VirtioBlkTarget> targets = new ArrayList<>();
    private final StageWindow stages = new StageWindow(targets);

    private VirtioBlkTargets(Machine machine, long haltPollNs) {
        this.machine = machine;
        this.haltPollNs = haltPollNs;
    }

    /**
     * Initialises the disks' drivers.
     *
     * @param machine started
     * @param haltPollNs upper bound of a vCPU's polling before it blocks (KVM: halt_poll_ns, default 200,000), 0 for none
     */
    public static VirtioBlkTargets of(Machine machine, long haltPollNs) {
        VirtioBlkTargets set = new VirtioBlkTargets(machine, haltPollNs);
        for (MachineDisk disk : machine.disks()) {
            GuestTransport transport = disk.driver();
            set.transports.add(transport);
            VirtioBlkDriver driver = new VirtioBlkDriver(transport, machine.memory(), machine.allocator());
            driver.initialise(disk.timelines());
            set.drivers.add(driver);
        }
        return set;
    }

    @Override
    public int disks() {
        return drivers.size();
    }

    @Override
    public int queuesPerDisk() {
        return drivers.getFirst().queues().size();
    }

    @Override
    public boolean readOnly(int disk) {
        return machine.disks().get(disk).node().readOnly();
    }

    @Override
    public IoTarget open(int disk, int queue, int thread) {
        VirtualCpu cpu = cpus.computeIfAbsent(thread, _ -> new VirtualCpu(haltPollNs));
        transports.get(disk).routeInterrupt(queue, cpu);
        VirtioBlkDriver driver = drivers.get(disk);
        BlkDisk common = new BlkDisk(
                machine.memory(), machine.allocator(), driver.capacityBytes(), BlkDisk.Place.HERE, BlkDisk.Loss.FATAL);
        VirtioBlkTarget target = new VirtioBlkTarget(driver.queues().get(queue), common);
        targetsOfThread.computeIfAbsent(thread, _ -> new ArrayList<>()).add(target);
        targets.add(target);
        return target;
    }

    @Override
    public HaltPolicy haltPolicy(int thread) {
        return new VcpuHalt(
                cpus.computeIfAbsent(thread, _ -> new VirtualCpu(haltPollNs)),
                targetsOfThread.getOrDefault(thread, List.of()).toArray(VirtioBlkTarget[]::new));
    }

    /** See {@link StageWindow#begin()}. */
    public void beginStages() {
        stages.begin();
    }

    /** See {@link StageWindow#end()}. */
    public void endStages() {
        stages.end();
    }

    /** See {@link StageWindow#stages()}. */
    public Map<String, LogHistogram> stages() {
        return stages.stages();
    }

    @Override
    public void close() {
        drivers.forEach(VirtioBlkDriver::shutdown);
        cpus.values().forEach(VirtualCpu::close);
    }
}
