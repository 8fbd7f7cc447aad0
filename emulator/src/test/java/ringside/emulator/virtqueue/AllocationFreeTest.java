package ringside.emulator.virtqueue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ringside.emulator.AllocatedBytes;
import ringside.emulator.memory.GuestAllocator;
import ringside.emulator.memory.GuestMemories;
import ringside.emulator.memory.GuestMemory;

/** Both sides of a ring allocate nothing per request in steady state. */
class AllocationFreeTest {
    private static final int BATCH = 32;
    private static final int BATCHES = 32_000;

    @ParameterizedTest
    @CsvSource({
        "false,false,false,false",
        "false,false,true,false",
        "false,true,false,false",
        "false,true,true,false",
        "false,true,true,true",
        "true,false,false,false",
        "true,false,true,false",
        "true,true,false,false",
        "true,true,true,false",
        "true,true,true,true"
    })
    void driverAndDevice_allocateNothing(boolean packed, boolean indirect, boolean eventIdx, boolean inOrder) {
        RingFeatures features = new RingFeatures(packed, indirect, eventIdx, inOrder);
        try (GuestMemory memory = GuestMemories.one()) {
            DriverVirtqueue driver =
                    DriverVirtqueue.create(memory, new GuestAllocator(memory), 128, features, indirect ? 3 : 0);
            Virtqueue device = driver.addresses().config(128, features).activate(memory);
            Pump pump = new Pump(driver, device);
            long allocated = AllocatedBytes.inSteadyState(() -> pump.run(BATCHES), 1_000_000);
            assertThat(allocated).as("bytes for %d requests", BATCHES * BATCH).isZero();
        }
    }

    private record Pump(DriverVirtqueue driver, Virtqueue device, DescriptorChain chain, long[] gpa, int[] bytes) {
        Pump(DriverVirtqueue driver, Virtqueue device) {
            this(
                    driver,
                    device,
                    new DescriptorChain(),
                    new long[] {
                        GuestMemories.BASE_GPA + 0x40000, GuestMemories.BASE_GPA + 0x50000, GuestMemories.BASE_GPA
                    },
                    new int[] {16, 4096, 1});
        }

        long run(int batches) {
            long reaped = 0;
            for (int b = 0; b < batches; b++) {
                for (int i = 0; i < BATCH; i++) {
                    driver.add(gpa, bytes, 1, 3);
                }
                driver.publish();
                driver.needsKick();
                device.disableNotification();
                for (int head = device.nextHead(); head >= 0; head = device.nextHead()) {
                    device.readChain(head, chain);
                    device.addUsed(head, 4097);
                }
                device.publishUsed();
                device.needsNotification();
                device.enableNotification();
                while (driver.pollUsed() >= 0) {
                    reaped++;
                }
                driver.enableInterrupts();
            }
            return reaped;
        }
    }
}
