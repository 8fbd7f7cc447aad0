package ringside.workloads.conformance.monitor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import ringside.emulator.guest.DriverTransport;
import ringside.emulator.virtqueue.DriverRingAddresses;
import ringside.workloads.conformance.bench.Features;
import ringside.workloads.conformance.bench.RawRam;
import ringside.workloads.conformance.bench.Status;

/**
 * A transport between a driver and its device that checks what the driver does: the order of initialisation, features,
 * queues, and at every kick the entries of split rings that were published since. What it finds is named by the ids of the
 * catalogue. One thread, that of the driver.
 */
public final class BusMonitor implements DriverTransport {
    private static final int[] STEPS = {Status.ACKNOWLEDGE, Status.DRIVER, Status.FEATURES_OK, Status.DRIVER_OK};

    private final DriverTransport transport;
    private final RawRam ram;
    private final Map<Integer, SplitWatcher> watchers = new TreeMap<>();
    private final List<String> violations = new ArrayList<>();
    private int status;
    private long offered;
    private long accepted;

    /** @param ram the memory in which the driver has its rings */
    public BusMonitor(DriverTransport transport, RawRam ram) {
        this.transport = transport;
        this.ram = ram;
    }

    /** What the driver did wrong: rule and circumstances. */
    public List<String> violations() {
        return List.copyOf(violations);
    }

    /** Entries of rings that were checked. */
    public int checkedEntries() {
        return watchers.values().stream().mapToInt(SplitWatcher::checked).sum();
    }

    private void expect(boolean holds, String violation) {
        if (!holds) {
            violations.add(violation);
        }
    }

    @Override
    public int deviceType() {
        return transport.deviceType();
    }

    @Override
    public void reset() {
        transport.reset();
        status = 0;
        accepted = 0;
        watchers.clear();
        expect(transport.status() == 0, "R080: goes on before status reads 0");
    }

    @Override
    public void addStatus(int bits) {
        for (int i = 0; i < STEPS.length; i++) {
            boolean skipped = (bits & STEPS[i]) != 0 && i > 0 && ((status | bits) & STEPS[i - 1]) == 0;
            expect(!skipped, "R001: status bit 0x%x before 0x%x".formatted(STEPS[i], i == 0 ? 0 : STEPS[i - 1]));
        }
        expect((status & Status.FAILED) == 0, "R003: status bits after FAILED without a reset");
        if ((bits & Status.DRIVER_OK) != 0) {
            expect((transport.status() & Status.FEATURES_OK) != 0, "R052: DRIVER_OK though FEATURES_OK was refused");
        }
        if ((bits & Status.FEATURES_OK) != 0) {
            expect((accepted & ~offered) == 0, "R004: features 0x%x are not offered".formatted(accepted & ~offered));
            boolean lonely = (accepted & Features.CONFIG_WCE) != 0 && (accepted & Features.FLUSH) == 0;
            expect(!lonely, "R005: CONFIG_WCE without FLUSH");
            expect((accepted & Features.VERSION_1) != 0, "R096: VERSION_1 is offered and not accepted");
        }
        status |= bits;
        transport.addStatus(bits);
    }

    @Override
    public int status() {
        return transport.status();
    }

    @Override
    public long deviceFeatures() {
        offered = transport.deviceFeatures();
        return offered;
    }

    @Override
    public void driverFeatures(long features) {
        expect((status & Status.DRIVER) != 0, "R049: features before the status DRIVER");
        expect((status & Status.FEATURES_OK) == 0, "R051: features after FEATURES_OK");
        accepted = features;
        transport.driverFeatures(features);
    }

    @Override
    public int queueMaxSize(int queue) {
        return transport.queueMaxSize(queue);
    }

    @Override
    public void enableQueue(int queue, int size, DriverRingAddresses addresses) {
        expect((status & Status.FEATURES_OK) != 0, "R049: a queue before FEATURES_OK");
        int most = transport.queueMaxSize(queue);
        expect(size > 0 && size <= most, "R067: queue size %d of at most %d".formatted(size, most));
        expect(addresses.descGpa() % 16 == 0, "R012: descriptors at 0x%x".formatted(addresses.descGpa()));
        if (addresses.packed()) {
            boolean aligned = addresses.availGpa() % 4 == 0 && addresses.usedGpa() % 4 == 0;
            expect(aligned, "R033: event suppression is not aligned to 4");
        } else {
            expect(Integer.bitCount(size) == 1, "R067: size %d of a split ring".formatted(size));
            boolean aligned = addresses.availGpa() % 2 == 0 && addresses.usedGpa() % 4 == 0;
            expect(aligned, "R012: a ring is not aligned to 2 or 4");
            expect(ram.u16(addresses.usedGpa()) == 0, "R026: used.flags are not 0 at the start");
            watchers.put(queue, new SplitWatcher(ram, size, addresses, accepted, violations));
        }
        transport.enableQueue(queue, size, addresses);
    }

    /** Checks what was published until now; also for entries that need no kick. */
    public void look() {
        watchers.values().forEach(SplitWatcher::look);
    }

    private void beforeKick(int queue) {
        expect((status & Status.DRIVER_OK) != 0, "R053: a kick before DRIVER_OK");
        SplitWatcher watcher = watchers.get(queue);
        if (watcher != null) {
            watcher.look();
        }
    }

    @Override
    public void kick(int queue) {
        beforeKick(queue);
        transport.kick(queue);
    }

    @Override
    public void kick(int queue, int position) {
        beforeKick(queue);
        transport.kick(queue, position);
    }

    @Override
    public long config(int offset, int widthBytes) {
        boolean writeback = offset == 32 && (status & Status.FEATURES_OK) == 0;
        expect(!writeback, "R083: writeback is read before FEATURES_OK");
        return transport.config(offset, widthBytes);
    }

    @Override
    public void putConfig(int offset, int widthBytes, long value) {
        expect((status & Status.FEATURES_OK) != 0, "R050: a configuration write before FEATURES_OK");
        expect(
                offset == 32 && widthBytes == 1 && (accepted & Features.CONFIG_WCE) != 0,
                "R008: a write of %d bytes at offset %d".formatted(widthBytes, offset));
        transport.putConfig(offset, widthBytes, value);
    }

    @Override
    public int handleInterrupt() {
        return transport.handleInterrupt();
    }
}
