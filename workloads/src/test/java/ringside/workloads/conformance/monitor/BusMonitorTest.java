package ringside.workloads.conformance.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.guest.BlkDriverQueue;
import ringside.emulator.guest.VirtioBlkDriver;
import ringside.emulator.machine.DiskSpec;
import ringside.emulator.machine.Machine;
import ringside.emulator.machine.MachineSpec;
import ringside.emulator.machine.PollSpec;
import ringside.emulator.machine.ThreadingPreset;
import ringside.emulator.machine.TransportSpec;
import ringside.emulator.trace.TraceMode;
import ringside.emulator.virtqueue.DriverRingAddresses;
import ringside.workloads.conformance.bench.Buffer;
import ringside.workloads.conformance.bench.Features;
import ringside.workloads.conformance.bench.RawRam;
import ringside.workloads.conformance.bench.SplitRing;
import ringside.workloads.conformance.bench.Waiting;

class BusMonitorTest {
    private Machine machine;
    private BusMonitor monitor;

    private RawRam build(boolean pci, boolean indirect, boolean eventIdx) {
        DiskSpec disk = new DiskSpec(
                "disk0", new BlockNodeSpec.Null(64L << 20, 0, true), 1, 64, indirect, eventIdx, true, "disk0");
        machine = Machine.build(new MachineSpec(
                ThreadingPreset.IOTHREAD,
                1,
                List.of(),
                PollSpec.OFF,
                List.of(disk),
                32L << 20,
                false,
                TraceMode.COUNTERS,
                1,
                pci ? TransportSpec.PCI : TransportSpec.MMIO));
        machine.start();
        RawRam ram =
                new RawRam(machine.memory().ram(), machine.memory().region(0).gpa());
        monitor = new BusMonitor(machine.disks().getFirst().driver(), ram);
        return ram;
    }

    @AfterEach
    void close() {
        machine.close();
    }

    @ParameterizedTest
    @CsvSource({"false,true,true", "false,false,true", "false,true,false", "true,true,true", "true,false,false"})
    void ourDriver_breaksNoRule(boolean pci, boolean indirect, boolean eventIdx) {
        build(pci, indirect, eventIdx);
        VirtioBlkDriver driver = new VirtioBlkDriver(monitor, machine.memory(), machine.allocator());
        driver.initialise(List.of());
        BlkDriverQueue queue = driver.queues().getFirst();
        long buffer = machine.allocator().allocate(4096, 4096);
        int requests = 500;
        for (int i = 0; i < requests; i++) {
            assertThat(queue.submit(i % 2, 8L * (i % 100), buffer, 4096)).isNotEqualTo(BlkDriverQueue.NONE);
            queue.publish();
            monitor.look();
            assertThat(Waiting.until(3000, () -> queue.poll() != BlkDriverQueue.NONE))
                    .isTrue();
        }
        driver.writeback(false);
        driver.shutdown();
        assertThat(monitor.violations()).isEmpty();
    }

    @Test
    void wrongDriver_isFound() {
        RawRam ram = build(false, true, true);
        monitor.reset();
        monitor.addStatus(2);
        monitor.deviceFeatures();
        monitor.driverFeatures(Features.VERSION_1 | Features.SR_IOV | Features.CONFIG_WCE);
        monitor.config(32, 1);
        monitor.putConfig(0, 8, 1);
        monitor.kick(0);
        monitor.addStatus(8);
        assertThat(monitor.violations())
                .extracting(violation -> violation.substring(0, 4))
                .contains("R001", "R083", "R050", "R008", "R053", "R004", "R005");
        assertThat(ram.baseGpa()).isPositive();
    }

    @Test
    void wrongEntries_areFound() {
        RawRam ram = build(false, true, true);
        monitor.reset();
        SplitRing ring = new SplitRing(ram, 16);
        monitor.enableQueue(
                0,
                16,
                new DriverRingAddresses(
                        ring.layout().descGpa(),
                        ring.layout().driverGpa(),
                        ring.layout().deviceGpa(),
                        false));
        ring.add(List.of(Buffer.writable(ram.baseGpa(), 1), Buffer.readable(ram.endGpa(), 16)));
        ring.desc(5, ram.baseGpa(), 16, SplitRing.NEXT, 5);
        ring.offer(5);
        ring.addIndirect(List.of(Buffer.readable(ram.baseGpa(), 16)));
        ring.availFlags(2);
        ring.publish();
        monitor.look();
        assertThat(monitor.checkedEntries()).isEqualTo(3);
        assertThat(monitor.violations())
                .extracting(violation -> violation.substring(0, 4))
                .contains("R049", "R013", "R098", "R014", "R016", "R022");
    }
}
