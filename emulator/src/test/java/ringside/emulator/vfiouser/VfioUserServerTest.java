package ringside.emulator.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.ffi.LibC;
import ringside.emulator.machine.Export;
import ringside.emulator.memory.GuestMemories;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.memory.GuestRegionSpec;
import ringside.emulator.pci.PciFunction;

/** Our guest's drivers on the other side of a real socket, and clients that know no manners. */
class VfioUserServerTest {
    private static final byte CONTENT = ServedFunction.CONTENT;
    private static final int CONFIG = Vfio.VFIO_PCI_CONFIG_REGION_INDEX;

    @TempDir
    Path folder;

    private ServedFunction served;
    private Path socket;
    private Export export;
    private List<String> log;

    @BeforeEach
    void serve() throws IOException {
        served = new ServedFunction(folder);
        socket = served.socket();
        export = served.export();
        log = served.log();
    }

    @AfterEach
    void stop() {
        served.close();
    }

    private VfioUserClient client() {
        return served.client();
    }

    private void assertServes() {
        served.assertServes();
    }

    private void readAndWrite(VfioUserClient client, GuestMemory memory, int sector) {
        served.readAndWrite(client, memory, sector);
    }

    @Test
    void guestThatEnumerates_findsAndUsesTheDisk() throws IOException {
        assertServes();
        export.close();
        byte[] after = Files.readAllBytes(served.image());
        assertThat(after[512]).isEqualTo((byte) 0x77);
        assertThat(after[1024]).isEqualTo(CONTENT);
        assertThat(log).isEmpty();
    }

    @Test
    void clientsOneAfterAnother_eachFindAFreshDevice() {
        for (int i = 0; i < 3; i++) {
            assertServes();
        }
        assertThat(export.snapshot().connections()).isEqualTo(3);
    }

    @Test
    void version_namesOnlyWhatTheClientProposed() {
        try (VfioUserClient client = new VfioUserClient(socket)) {
            assertThat(client.greet()).isEqualTo("{\"capabilities\":{\"max_msg_fds\":16,\"max_data_xfer_size\":4096}}");
        }
    }

    @Test
    void deviceInfo_isThatOfAPciFunction() {
        try (VfioUserClient client = client()) {
            client.command(VfioUserCommand.DEVICE_GET_INFO, 16).u32(0, 16);
            assertThat(client.call()).isZero();
            assertThat(client.message().u32(4)).as("RESET and PCI").isEqualTo(3);
            assertThat(client.message().u32(8)).isEqualTo(9);
            assertThat(client.message().u32(12)).isEqualTo(5);
            assertThat(client.regionSize(CONFIG)).isEqualTo(256);
            assertThat(client.vectors()).as("configuration and two queues").isEqualTo(3);
            assertThat(client.configRead(0, 4)).isEqualTo(0x1042_1af4);
        }
    }

    /** QEMU reads the whole configuration space at once. */
    @Test
    void wholeConfigurationSpace_isReadInOneCommand() {
        try (VfioUserClient client = client()) {
            client.command(VfioUserCommand.REGION_READ, 16).u32(8, CONFIG).u32(12, 256);
            assertThat(client.call()).isZero();
            assertThat(client.message().payloadBytes()).isEqualTo(16 + 256);
            for (int at = 0; at < 256; at += 4) {
                int whole = (int) wholeAt(client, at);
                assertThat(whole).as("offset %d", at).isEqualTo(client.configRead(at, 4));
            }
        }
    }

    private static long wholeAt(VfioUserClient client, int at) {
        client.command(VfioUserCommand.REGION_READ, 16).u32(8, CONFIG).u32(12, 256);
        client.call();
        return client.message().data(16 + at, 4);
    }

    @Test
    void postedWrite_isCarriedOutWithoutAReply() {
        try (VfioUserClient client = client()) {
            client.command(VfioUserCommand.REGION_WRITE, 18)
                    .u64(0, 4)
                    .u32(8, CONFIG)
                    .u32(12, 2)
                    .data(16, 2, 2)
                    .noReply();
            client.post();
            assertThat(client.configRead(4, 2) & 2).isEqualTo(2);
        }
    }

    @Test
    void mappedTwice_isRefusedWithEexist() {
        try (VfioUserClient client = client();
                GuestMemory memory = GuestMemories.one()) {
            client.share(memory);
            GuestRegionSpec inside = new GuestRegionSpec(GuestMemories.BASE_GPA + 4096, 4096);
            assertThat(client.map(inside, 3, memory.fileDescriptor(), 0)).isEqualTo(Refusal.EEXIST);
            assertThat(client.unmap(inside)).isEqualTo(Refusal.EINVAL);
            assertThat(client.unmap(memory.region(0))).isZero();
            assertThat(client.map(inside, 3, memory.fileDescriptor(), 0)).isZero();
        }
        assertServes();
    }

    /** A ROM has no file, or may not be written; it must come and go without harm. */
    @Test
    void rangeThatCannotBeUsed_isKnownButNotMapped() {
        try (VfioUserClient client = client();
                GuestMemory memory = GuestMemories.one()) {
            GuestRegionSpec rom = new GuestRegionSpec(0xfffc_0000L, 0x4_0000);
            assertThat(client.map(rom, 1, -1, 0)).isZero();
            GuestRegionSpec readOnly = new GuestRegionSpec(0xc_0000, 4096);
            assertThat(client.map(readOnly, 1, memory.fileDescriptor(), 0)).isZero();
            assertThat(client.unmap(rom)).isZero();
            assertThat(client.unmap(readOnly)).isZero();
            assertThat(client.unmap(rom)).isEqualTo(Refusal.EINVAL);
        }
    }

    /** Found by the fuzzer: the host's own refusal to map ended the connection with a stack trace. */
    @Test
    void fileThatCannotBeWritten_isRefusedWithTheHostsErrno() {
        int readOnly = LibC.open(served.image().toString(), LibC.O_RDONLY | LibC.O_CLOEXEC, 0);
        try (VfioUserClient client = client()) {
            assertThat(client.map(new GuestRegionSpec(0, 4096), 3, readOnly, 0)).isEqualTo(13);
            assertThat(client.configRead(0, 2)).isEqualTo(0x1af4);
        } finally {
            LibC.close(readOnly);
        }
        assertThat(log).singleElement().asString().contains("cannot map");
    }

    @ParameterizedTest
    @ValueSource(longs = {-4096, Long.MAX_VALUE - 4095})
    void rangeThatWraps_isRefused(long gpa) {
        try (VfioUserClient client = client()) {
            client.command(VfioUserCommand.DMA_MAP, 32).u64(16, gpa).u64(24, 8192);
            assertThat(client.call()).isEqualTo(Refusal.EINVAL);
        }
        assertServes();
    }

    @Test
    void tooManyRanges_areRefusedWithEnospc() {
        try (VfioUserClient client = client();
                GuestMemory memory = GuestMemories.one()) {
            int error = 0;
            for (int i = 0; i <= DmaTable.MAX_MAPPED; i++) {
                error = client.map(new GuestRegionSpec(i * 8192L, 4096), 3, memory.fileDescriptor(), 0);
            }
            assertThat(error).isEqualTo(Refusal.ENOSPC);
        }
        assertServes();
    }

    @Test
    void accessOutsideARegion_isRefused() {
        try (VfioUserClient client = client()) {
            assertThat(access(client, CONFIG, 253, 4)).isEqualTo(Refusal.EINVAL);
            assertThat(access(client, CONFIG, -1, 4)).isEqualTo(Refusal.EINVAL);
            assertThat(access(client, CONFIG, Long.MAX_VALUE, 4)).isEqualTo(Refusal.EINVAL);
            assertThat(access(client, CONFIG, 0, 257)).isEqualTo(Refusal.EINVAL);
            assertThat(access(client, CONFIG, 0, -1)).isEqualTo(Refusal.EINVAL);
            assertThat(access(client, 0, 0, 5000)).isEqualTo(Refusal.EINVAL);
            assertThat(access(client, Vfio.VFIO_PCI_ROM_REGION_INDEX, 0, 1)).isEqualTo(Refusal.EINVAL);
            assertThat(access(client, 9, 0, 1)).isEqualTo(Refusal.EINVAL);
            assertThat(access(client, -1, 0, 1)).isEqualTo(Refusal.EINVAL);
            assertThat(access(client, 0, 0, 0)).as("nothing at all is no error").isZero();
        }
    }

    private static int access(VfioUserClient client, int region, long offset, int count) {
        client.command(VfioUserCommand.REGION_READ, 16)
                .u64(0, offset)
                .u32(8, region)
                .u32(12, count);
        return client.call();
    }

    @Test
    void writeShorterThanItSays_isRefused() {
        try (VfioUserClient client = client()) {
            client.command(VfioUserCommand.REGION_WRITE, 18).u32(8, CONFIG).u32(12, 4);
            assertThat(client.call()).isEqualTo(Refusal.EINVAL);
        }
    }

    @Test
    void interruptsThatDoNotExist_areRefused() {
        try (VfioUserClient client = client()) {
            int event = LibC.eventfd();
            assertThat(client.assign(Vfio.VFIO_PCI_MSIX_IRQ_INDEX, 3, event)).isEqualTo(Refusal.EINVAL);
            assertThat(client.assign(Vfio.VFIO_PCI_MSIX_IRQ_INDEX, -1, event)).isEqualTo(Refusal.EINVAL);
            assertThat(client.assign(1, 0, event)).isEqualTo(Refusal.EINVAL);
            assertThat(client.assign(5, 0, event)).isEqualTo(Refusal.EINVAL);
            assertThat(client.assign(Vfio.VFIO_PCI_MSIX_IRQ_INDEX, 2, event)).isZero();
            LibC.close(event);
        }
        assertServes();
    }

    private static int set(VfioUserClient client, int flags, int index, int start, int count) {
        client.command(VfioUserCommand.DEVICE_SET_IRQS, 20)
                .u32(4, flags)
                .u32(8, index)
                .u32(12, start)
                .u32(16, count);
        return client.call();
    }

    @Test
    void triggeredVector_signalsItsEventUntilItIsTakenAway() throws InterruptedException {
        try (VfioUserClient client = client()) {
            CountDownLatch told = new CountDownLatch(1);
            client.listen(Vfio.VFIO_PCI_MSIX_IRQ_INDEX, 1, told::countDown);
            int trigger = Vfio.VFIO_IRQ_SET_DATA_NONE | Vfio.VFIO_IRQ_SET_ACTION_TRIGGER;
            assertThat(set(client, trigger, Vfio.VFIO_PCI_MSIX_IRQ_INDEX, 1, 1)).isZero();
            assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(set(client, trigger, Vfio.VFIO_PCI_MSIX_IRQ_INDEX, 0, 0)).isZero();
            assertThat(set(client, trigger, Vfio.VFIO_PCI_MSIX_IRQ_INDEX, 1, 1)).isZero();
            assertThat(set(client, 0, Vfio.VFIO_PCI_MSIX_IRQ_INDEX, 1, 1)).isEqualTo(Refusal.EINVAL);
            assertThat(set(client, 7, Vfio.VFIO_PCI_MSIX_IRQ_INDEX, 1, 1)).isEqualTo(Refusal.EINVAL);
        }
    }

    /** A guest that masks and unmasks a vector makes its client replace the eventfd each time. */
    @Test
    void eventReplacedOften_doesNotExhaustDescriptors() throws IOException {
        try (VfioUserClient client = client()) {
            int event = LibC.eventfd();
            long before = descriptors();
            for (int i = 0; i < 2000; i++) {
                assertThat(client.assign(Vfio.VFIO_PCI_MSIX_IRQ_INDEX, 0, i % 2 == 0 ? event : -1))
                        .isZero();
            }
            assertThat(descriptors() - before).isLessThan(400);
            LibC.close(event);
        }
    }

    private static long descriptors() throws IOException {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = VfioUserCommand.class,
            names = {"DEVICE_FEATURE", "DEVICE_GET_REGION_IO_FDS", "REGION_WRITE_MULTI"})
    void commandThatIsNotOffered_isAnsweredWithAnError(VfioUserCommand command) {
        try (VfioUserClient client = client()) {
            client.command(command, command.fixedBytes());
            assertThat(client.call()).isNotZero();
            assertThat(client.configRead(0, 2)).isEqualTo(0x1af4);
        }
    }

    @Test
    void firstMessageOtherThanVersion_endsTheConnection() {
        try (VfioUserClient client = new VfioUserClient(socket)) {
            client.command(VfioUserCommand.DEVICE_RESET, 0);
            client.post();
            assertThat(client.isHungUp()).isTrue();
        }
        assertServes();
        assertThat(log).singleElement().asString().contains("first message must be VERSION");
    }

    @Test
    void otherMajorVersion_endsTheConnection() {
        try (VfioUserClient client = new VfioUserClient(socket)) {
            client.command(VfioUserCommand.VERSION, 4).u16(0, 1);
            client.post();
            assertThat(client.isHungUp()).isTrue();
        }
        assertServes();
    }

    @ParameterizedTest
    @EnumSource(value = VfioUserCommand.class, mode = EnumSource.Mode.EXCLUDE, names = "DEVICE_RESET")
    void payloadTooShort_endsTheConnection(VfioUserCommand command) {
        try (VfioUserClient client = client()) {
            client.command(command, command.fixedBytes() - 1);
            client.post();
            assertThat(client.isHungUp()).isTrue();
        }
        assertServes();
    }

    @Test
    void descriptorsThatNobodyAskedFor_endTheConnectionAndAreClosed() throws IOException {
        long before = descriptors();
        try (VfioUserClient client = client()) {
            client.command(VfioUserCommand.DEVICE_GET_INFO, 16).attachFd(0);
            client.post();
            assertThat(client.isHungUp()).isTrue();
        }
        assertServes();
        long start = System.nanoTime();
        while (descriptors() > before && System.nanoTime() - start < VfioUserClient.PATIENCE_NS) {
            Thread.onSpinWait(); // the server gives back what the last client had
        }
        assertThat(descriptors()).isLessThanOrEqualTo(before);
    }

    @Test
    void sizeThatNoMessageHas_endsTheConnection() {
        for (int payload : new int[] {-1, VfioUserMessage.MAX_PAYLOAD_BYTES + 1}) {
            try (VfioUserClient client = client()) {
                client.command(VfioUserCommand.DEVICE_RESET, payload);
                client.postHeader();
                assertThat(client.isHungUp()).isTrue();
            }
        }
        assertServes();
    }

    @Test
    void clientThatDiesInAMessage_isFollowedByTheNext() {
        try (VfioUserClient client = client()) {
            client.command(VfioUserCommand.REGION_READ, 16);
            client.postHeader();
        }
        assertServes();
    }

    @Test
    void clientThatDiesUnderLoad_leavesNothingMapped() {
        AtomicInteger rounds = new AtomicInteger();
        while (rounds.getAndIncrement() < 5) {
            try (VfioUserClient client = client();
                    GuestMemory memory = GuestMemories.one()) {
                readAndWrite(client, memory, 100 + 2 * rounds.get());
            }
        }
        assertServes();
    }

    @Test
    void reset_forgetsWhatTheGuestWrote() {
        try (VfioUserClient client = client()) {
            client.configWrite(4, 2, 6);
            assertThat(client.configRead(4, 2)).isEqualTo(6);
            client.reset();
            assertThat(client.configRead(4, 2)).isZero();
            assertThat(PciFunction.CONFIG_BYTES).isEqualTo(256);
        }
    }
}
