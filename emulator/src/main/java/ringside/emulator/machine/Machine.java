package ringside.emulator.machine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import ringside.emulator.aio.AioContext;
import ringside.emulator.aio.AioEngines;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.device.blk.BlkOptions;
import ringside.emulator.device.blk.BlkSettings;
import ringside.emulator.device.blk.VirtioBlk;
import ringside.emulator.eventloop.BigLock;
import ringside.emulator.eventloop.IoThread;
import ringside.emulator.eventloop.LoopContext;
import ringside.emulator.memory.GuestAllocator;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.memory.GuestRegionSpec;
import ringside.emulator.trace.CounterBlock;
import ringside.emulator.trace.CounterId;
import ringside.emulator.transport.KickPolicy;
import ringside.emulator.transport.MmioTransport;
import ringside.emulator.transport.PciTransport;
import ringside.emulator.transport.TransportParts;

/**
 * A built machine: memory, loops, disks behind their transports. Build, {@link #start()}, drive the disks through
 * their transports, {@link #close()}.
 *
 * <p>Control methods belong to one thread; {@link #snapshot()} may be called from any.
 */
public final class Machine implements AutoCloseable {
    /** Guest RAM starts here; low addresses stay free, so that a forgotten address is not a valid one. */
    private static final long RAM_BASE_GPA = 1L << 30;

    private static final long LOW_RAM_END_GPA = 3L << 30;
    private static final long HIGH_RAM_GPA = 4L << 30;

    private final MachineSpec spec;
    private final BigLock lock;
    private final GuestMemory memory;
    private final GuestAllocator allocator;
    private final LoopPlan plan;
    private final Map<Integer, AioEngines> engines = new LinkedHashMap<>();
    private final List<MachineDisk> disks = new ArrayList<>();
    private final DiskPort.PciSegment segment = new DiskPort.PciSegment();

    /** What to undo, newest first: also when building fails half-way. */
    private final Deque<Runnable> cleanUp = new ArrayDeque<>();

    private Machine(MachineSpec spec) {
        this.spec = spec;
        this.lock = new BigLock(spec.trace().counts());
        this.memory = GuestMemory.allocate(regions(spec.memoryBytes()), spec.hugePages());
        cleanUp.push(memory::close);
        this.allocator = new GuestAllocator(memory);
        this.plan = new LoopPlan(spec, lock);
    }

    /**
     * Builds a machine; nothing runs yet.
     *
     * @throws MachineException when the preset refuses the specification
     * @throws IllegalArgumentException when an image or an option is not usable
     * @throws ringside.emulator.ffi.NativeException when the host refuses
     */
    public static Machine build(MachineSpec spec) {
        PresetRules.check(spec);
        Machine machine = new Machine(spec);
        try {
            for (int d = 0; d < spec.disks().size(); d++) {
                machine.addDisk(d);
            }
            return machine;
        } catch (RuntimeException e) {
            machine.undo();
            throw e;
        }
    }

    /**
     * Checks a specification against its threading preset without building anything.
     *
     * @throws MachineException when the preset refuses the specification
     */
    public static void check(MachineSpec spec) {
        PresetRules.check(spec);
    }

    private static List<GuestRegionSpec> regions(long bytes) {
        long low = Math.min(bytes, LOW_RAM_END_GPA - RAM_BASE_GPA);
        List<GuestRegionSpec> regions = new ArrayList<>(List.of(new GuestRegionSpec(RAM_BASE_GPA, low)));
        if (bytes > low) {
            regions.add(new GuestRegionSpec(HIGH_RAM_GPA, bytes - low));
        }
        return regions;
    }

    private void addDisk(int index) {
        DiskSpec disk = spec.disks().get(index);
        BlockNode node = BlockNodes.open(disk.node());
        cleanUp.push(node::close);
        DiskContexts contexts = new DiskContexts(spec, index, node, plan, lock, this::aioContext);
        cleanUp.push(contexts::close);
        VirtioBlk device = new VirtioBlk(
                settings(disk), node, memory, contexts, spec.trace().counts());
        cleanUp.push(device::close);
        boolean trapped = spec.threading() == ThreadingPreset.BIG_LOCK;
        if (!trapped) {
            device.attachToLoops();
        }
        TransportParts parts = new TransportParts(
                device,
                memory,
                lock,
                trapped ? KickPolicy.TRAPPED : KickPolicy.IOEVENTFD,
                spec.transport().notificationData());
        disks.add(new MachineDisk(disk, node, device, plug(parts, disk), contexts.timelines()));
    }

    private DiskPort plug(TransportParts parts, DiskSpec disk) {
        return switch (spec.transport().kind()) {
            case MMIO -> new DiskPort.Mmio(new MmioTransport(parts));
            case PCI -> segment.plug(new PciTransport(parts, spec.transport().vectorsFor(disk.queues())));
        };
    }

    /** Version 1.4 knew read, write and flush only. */
    private BlkSettings settings(DiskSpec disk) {
        boolean ranges = spec.threading() != ThreadingPreset.DATA_PLANE_1_4;
        BlkOptions options = ranges ? disk.options() : disk.options().withoutRanges();
        return new BlkSettings(
                disk.id(),
                disk.queues(),
                disk.queueSize(),
                // Header and status take two descriptors of a chain (QEMU: seg-max-adjust).
                options.segMax() == 0 ? Math.max(1, disk.queueSize() - 2) : options.segMax(),
                disk.indirect(),
                disk.eventIdx(),
                disk.configWce(),
                disk.serial(),
                options);
    }

    private AioContext aioContext(int loop) {
        return engines.computeIfAbsent(loop, l -> {
            LoopContext context = l < 0 ? plan.mainLoop() : plan.ioThreads().get(l);
            AioEngines made = new AioEngines(context, spec.trace().counts());
            made.offerBuffers(
                    new long[] {memory.hostAddress()}, new long[] {memory.ram().byteSize()});
            cleanUp.push(made::close);
            return made;
        });
    }

    /** Starts main loop and IOThreads. */
    public void start() {
        plan.mainLoop().start();
        plan.ioThreads().forEach(IoThread::start);
    }

    /**
     * Changes the size of a disk while it is used (QEMU: block_resize): that of its image, and what the guest sees, which
     * is told by a configuration change notification.
     *
     * @param disk number of the disk
     * @param lengthBytes new size, a positive multiple of the logical block
     * @throws IllegalArgumentException when the storage cannot have this size: one line with the remedy
     */
    public void resize(int disk, long lengthBytes) {
        lock.lock();
        try {
            disks.get(disk).device().resize(lengthBytes);
        } finally {
            lock.unlock();
        }
    }

    /** What the machine was built from. */
    public MachineSpec spec() {
        return spec;
    }

    /** Guest memory. */
    public GuestMemory memory() {
        return memory;
    }

    /** Hands out guest memory to drivers. */
    public GuestAllocator allocator() {
        return allocator;
    }

    /** The disks, in the order of the specification. */
    public List<MachineDisk> disks() {
        return List.copyOf(disks);
    }

    /** The threads of the loops, by name. */
    public Map<String, Thread> loopThreads() {
        Map<String, Thread> threads = new LinkedHashMap<>();
        threads.put(plan.mainLoop().name(), plan.mainLoop().thread());
        plan.ioThreads().forEach(t -> threads.put(t.name(), t.thread()));
        return threads;
    }

    /** IOThreads that serve no queue. */
    public List<String> idleIoThreads() {
        return plan.idle();
    }

    /** All counters and lock histograms now. Takes the big lock briefly. */
    public MachineSnapshot snapshot() {
        Map<String, Map<CounterId, Long>> counters = new TreeMap<>();
        Stream<CounterBlock> loops = Stream.concat(
                Stream.of(plan.mainLoop().counters()), plan.ioThreads().stream().map(IoThread::counters));
        Stream<CounterBlock> queues =
                disks.stream().flatMap(disk -> disk.device().counters());
        Stream.concat(loops, queues).forEach(block -> counters.put(block.owner(), values(block)));
        return new MachineSnapshot(counters, lock.waitNs(), lock.holdNs());
    }

    private static Map<CounterId, Long> values(CounterBlock block) {
        Map<CounterId, Long> values = new EnumMap<>(CounterId.class);
        for (CounterId id : CounterId.values()) {
            values.put(id, block.value(id));
        }
        return values;
    }

    /** Resets the devices (waiting for requests in flight), stops the loops, frees everything. */
    @Override
    public void close() {
        try {
            disks.forEach(this::reset);
        } finally {
            undo(); // also when a loop died and cannot be asked any more
        }
    }

    private void reset(MachineDisk disk) {
        lock.lock();
        try {
            disk.device().reset();
        } finally {
            lock.unlock();
        }
    }

    private void undo() {
        plan.ioThreads().forEach(IoThread::close);
        plan.mainLoop().close();
        while (!cleanUp.isEmpty()) {
            cleanUp.pop().run();
        }
        lock.close();
    }
}
