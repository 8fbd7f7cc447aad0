package ringside.emulator.vhostuser.server;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import ringside.emulator.device.VirtioDevice;
import ringside.emulator.device.VirtioFeatures;
import ringside.emulator.eventloop.EventNotifier;
import ringside.emulator.localsocket.PeerException;
import ringside.emulator.memory.DirtyLog;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.memory.SharedFile;
import ringside.emulator.vhostuser.ProtocolFeatures;
import ringside.emulator.vhostuser.VhostUserMessage;

/**
 * What a front-end has set up: features, memory, rings, logs. One per connection; everything is given back at its end.
 * Control thread only.
 */
final class BackEnd implements AutoCloseable {
    static final long PROTOCOL_FEATURES = ProtocolFeatures.MQ
            | ProtocolFeatures.LOG_SHMFD
            | ProtocolFeatures.REPLY_ACK
            | ProtocolFeatures.CONFIG
            | ProtocolFeatures.INFLIGHT_SHMFD
            | ProtocolFeatures.RESET_DEVICE
            | ProtocolFeatures.CONFIGURE_MEM_SLOTS;

    private static final long VHOST_FEATURES =
            ProtocolFeatures.VHOST_F_LOG_ALL | ProtocolFeatures.VHOST_USER_F_PROTOCOL_FEATURES;

    private final VirtioDevice device;
    private final GuestMemory memory;
    private final Runnable memoryChanged;
    private final MemoryTable table;
    private final CallLine calls;
    private final List<Vring> vrings;
    private long features;
    private long protocolFeatures;
    private boolean owned;
    private InflightArea inflight;
    private DirtyLog dirtyLog;

    BackEnd(VirtioDevice device, GuestMemory memory, Runnable memoryChanged, CallLine.Trouble trouble) {
        this.device = device;
        this.memory = memory;
        this.memoryChanged = memoryChanged;
        this.table = new MemoryTable(memory);
        this.calls = new CallLine(device, trouble);
        this.vrings = IntStream.range(0, device.queueCount())
                .mapToObj(q -> new Vring(q, device, calls))
                .toList();
    }

    long offeredFeatures() {
        return device.offeredFeatures() | VHOST_FEATURES;
    }

    boolean has(long protocolFeature) {
        return (protocolFeatures & protocolFeature) != 0;
    }

    /**
     * Begins a session. QEMU keeps the connection when it unplugs a disk, and the next disk on it begins anew; its protocol
     * features come before this message, so they stay.
     */
    void own() {
        if (owned) {
            giveBack();
            features = 0;
            inflight = null;
            dirtyLog = null;
        }
        owned = true;
    }

    /** May come while rings run, to begin or end logging. */
    void features(long chosen) {
        long unknown = chosen & ~offeredFeatures();
        if (unknown != 0) {
            throw new PeerException("features 0x%x were not offered".formatted(unknown));
        }
        if (!device.accepts(chosen)) {
            throw new PeerException(
                    "features 0x%x leave out one that this disk cannot be used without".formatted(chosen)
                            + ", such as zones of a host-managed one; use a front-end that passes it, or zone-model=host-aware");
        }
        boolean running = vrings.stream().anyMatch(Vring::isRunning);
        long changed = (chosen ^ features) & ~VHOST_FEATURES;
        if (running && changed != 0) {
            throw new PeerException("features 0x%x cannot change while queues are running".formatted(changed));
        }
        features = chosen;
        if (!running) {
            device.negotiated(chosen & ~VHOST_FEATURES);
            if ((chosen & ProtocolFeatures.VHOST_USER_F_PROTOCOL_FEATURES) == 0) {
                vrings.forEach(vring -> vring.enabled(true));
            }
        }
        vrings.forEach(vring -> vring.applyLog(surroundings()));
    }

    void protocolFeatures(long chosen) {
        long unknown = chosen & ~PROTOCOL_FEATURES;
        if (unknown != 0) {
            throw new PeerException("protocol features " + ProtocolFeatures.describe(unknown) + " were not offered");
        }
        protocolFeatures = chosen;
    }

    /**
     * Rings rest while the memory below them changes, and then go on; those that waited for memory begin. After a refused
     * change they go on as before, where their memory is still there.
     */
    void changeMemory(Consumer<MemoryTable> change) {
        vrings.forEach(Vring::rest);
        try {
            tell(change);
        } catch (RuntimeException e) {
            if (!table.isEmpty()) {
                startReady();
            }
            throw e;
        }
        startReady();
    }

    private void tell(Consumer<MemoryTable> change) {
        try {
            change.accept(table);
        } finally {
            memoryChanged.run();
        }
    }

    /** One that cannot run must not keep the others from it. */
    private void startReady() {
        RuntimeException first = null;
        for (Vring vring : vrings) {
            try {
                vring.startIfReady(surroundings());
            } catch (PeerException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    Vring vring(int index) {
        if (index < 0 || index >= vrings.size()) {
            throw new PeerException("there is no queue " + Integer.toUnsignedString(index) + " of " + vrings.size());
        }
        return vrings.get(index);
    }

    Vring.Surroundings surroundings() {
        boolean logging = (features & ProtocolFeatures.VHOST_F_LOG_ALL) != 0;
        return new Vring.Surroundings(memory, table, features, inflight, logging ? dirtyLog : null);
    }

    void call(int queue, EventNotifier notifier) {
        vring(queue);
        calls.call(queue, notifier);
    }

    void error(int queue, EventNotifier notifier) {
        vring(queue);
        calls.error(queue, notifier);
    }

    /** Whether rings have the packed format: the front-end chooses features before it sets them up. */
    boolean packed() {
        return VirtioFeatures.ring(features).packed();
    }

    InflightArea.Limits limits() {
        return new InflightArea.Limits(device.queueCount(), device.queueMaxSize(), packed());
    }

    /** Queues that run keep the record they have. */
    void inflight(InflightArea area) {
        if (inflight != null) {
            vrings.forEach(Vring::rest);
            vrings.forEach(Vring::forgetRecord);
            inflight.close();
        }
        inflight = area;
        vrings.forEach(vring -> vring.startIfReady(surroundings()));
    }

    void dirtyLog(SharedFile file) {
        DirtyLog before = dirtyLog;
        dirtyLog = new DirtyLog(file);
        vrings.forEach(vring -> vring.applyLog(surroundings()));
        if (before != null) {
            before.close();
        }
    }

    /** RESET_DEVICE: back to the state before features were chosen; memory stays. */
    void reset() {
        vrings.forEach(Vring::stop);
        vrings.forEach(Vring::reset);
        device.reset();
        features = 0;
    }

    byte readConfig(int offset) {
        return (byte) device.readConfig(offset);
    }

    void writeConfig(int offset, VhostUserMessage message, int from, int bytes) {
        for (int i = 0; i < bytes; i++) {
            device.writeConfig(offset + i, 1, Byte.toUnsignedLong(message.u8(from + i)));
        }
    }

    long queueCount() {
        return device.queueCount();
    }

    @Override
    public void close() {
        giveBack();
    }

    private void giveBack() {
        try {
            vrings.forEach(Vring::reset);
            device.reset();
        } finally {
            calls.closeAll();
            table.clear();
            closeIfPresent(inflight);
            closeIfPresent(dirtyLog);
            memoryChanged.run();
        }
    }

    private static void closeIfPresent(AutoCloseable resource) {
        if (resource instanceof InflightArea area) {
            area.close();
        } else if (resource instanceof DirtyLog log) {
            log.close();
        }
    }
}
