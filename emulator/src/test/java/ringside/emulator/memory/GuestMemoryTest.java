package ringside.emulator.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static ringside.emulator.memory.GuestMemories.BASE_GPA;
import static ringside.emulator.memory.GuestMemories.REGION_BYTES;
import static ringside.emulator.memory.GuestMemories.SECOND_GPA;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.SpecClause;
import ringside.emulator.ffi.NativeException;

class GuestMemoryTest {
    private static final long END = BASE_GPA + REGION_BYTES;

    private final GuestMemory memory = GuestMemories.two();

    @AfterEach
    void close() {
        memory.close();
    }

    @Test
    void rangeInsideARegion_isTranslatedToItsOffset() {
        assertThat(memory.translate(BASE_GPA, 1)).isZero();
        assertThat(memory.translate(BASE_GPA + 5, REGION_BYTES - 5)).isEqualTo(5);
        assertThat(memory.translate(END - 1, 1)).isEqualTo(REGION_BYTES - 1);
        assertThat(memory.translate(SECOND_GPA, REGION_BYTES)).isEqualTo(REGION_BYTES);
        assertThat(memory.translate(SECOND_GPA + 7, 9)).isEqualTo(REGION_BYTES + 7);
    }

    @Test
    @SpecClause("VIRTIO-1.2 6.1")
    void rangeThatLeavesItsRegion_isNotMapped() {
        assertThat(memory.translate(BASE_GPA - 1, 1)).isEqualTo(GuestMemory.NOT_MAPPED);
        assertThat(memory.translate(BASE_GPA - 1, 2)).isEqualTo(GuestMemory.NOT_MAPPED);
        assertThat(memory.translate(END - 1, 2)).isEqualTo(GuestMemory.NOT_MAPPED);
        assertThat(memory.translate(END, 1)).isEqualTo(GuestMemory.NOT_MAPPED);
        assertThat(memory.translate(BASE_GPA, REGION_BYTES + 1)).isEqualTo(GuestMemory.NOT_MAPPED);
        assertThat(memory.translate(BASE_GPA, SECOND_GPA - BASE_GPA + REGION_BYTES))
                .isEqualTo(GuestMemory.NOT_MAPPED);
        assertThat(memory.translate(SECOND_GPA + REGION_BYTES, 1)).isEqualTo(GuestMemory.NOT_MAPPED);
    }

    @Test
    void rangeOverTwoRegionsWithoutAHole_isNotMapped() {
        List<GuestRegionSpec> adjacent =
                List.of(new GuestRegionSpec(0, 4096), new GuestRegionSpec(4096, 4096), new GuestRegionSpec(8192, 4096));
        try (GuestMemory three = GuestMemory.allocate(adjacent, false)) {
            assertThat(three.translate(4095, 1)).isEqualTo(4095);
            assertThat(three.translate(4096, 4096)).isEqualTo(4096);
            assertThat(three.translate(4095, 2)).isEqualTo(GuestMemory.NOT_MAPPED);
            assertThat(three.translate(8191, 2)).isEqualTo(GuestMemory.NOT_MAPPED);
        }
    }

    /** Any 64-bit value may stand in a descriptor. */
    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE, Long.MIN_VALUE, -1, -4096, Long.MIN_VALUE + BASE_GPA, 1L << 62})
    void extremeAddress_isNotMapped(long gpa) {
        for (long lengthBytes : new long[] {1, 4096, Integer.MAX_VALUE, 0xffff_ffffL}) {
            assertThat(memory.translate(gpa, lengthBytes)).isEqualTo(GuestMemory.NOT_MAPPED);
        }
    }

    @Test
    void lengthThatOverflowsTheAddress_isNotMapped() {
        assertThat(memory.translate(BASE_GPA, Long.MAX_VALUE)).isEqualTo(GuestMemory.NOT_MAPPED);
        assertThat(memory.translate(END - 1, Long.MAX_VALUE)).isEqualTo(GuestMemory.NOT_MAPPED);
        assertThat(memory.translate(END, Long.MAX_VALUE)).isEqualTo(GuestMemory.NOT_MAPPED);
    }

    @Test
    void regionOrder_isLookUpOrderNotAddressOrder() {
        List<GuestRegionSpec> highFirst = List.of(new GuestRegionSpec(1L << 40, 8192), new GuestRegionSpec(0, 4096));
        try (GuestMemory swapped = GuestMemory.allocate(highFirst, false)) {
            assertThat(swapped.translate(0, 4096)).isEqualTo(8192);
            assertThat(swapped.fileOffset(1)).isEqualTo(8192);
            assertThat(swapped.region(0)).isEqualTo(highFirst.get(0));
            assertThat(swapped.regionCount()).isEqualTo(2);
        }
    }

    @Test
    void overlappingRegions_areRefused() {
        List<GuestRegionSpec> overlapping = List.of(new GuestRegionSpec(0, 8192), new GuestRegionSpec(4096, 8192));
        assertThatThrownBy(() -> GuestMemory.allocate(overlapping, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0x1000")
                .hasMessageContaining("overlap");
    }

    @Test
    void misalignedRegions_areRefused() {
        assertRefused(new GuestRegionSpec(512, 4096), false, "4096-byte pages");
        assertRefused(new GuestRegionSpec(4096, 4097), false, "4096-byte pages");
        assertRefused(new GuestRegionSpec(4096, 2L << 20), true, "2097152-byte pages");
        assertRefused(new GuestRegionSpec(2L << 20, 4096), true, "2097152-byte pages");
    }

    private static void assertRefused(GuestRegionSpec region, boolean hugePages, String message) {
        assertThatThrownBy(() -> GuestMemory.allocate(List.of(region), hugePages))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void emptyOrWrappingRegion_isRefused() {
        assertThatThrownBy(() -> new GuestRegionSpec(4096, 0)).hasMessageContaining("empty or wraps");
        assertThatThrownBy(() -> new GuestRegionSpec(4096, -4096)).hasMessageContaining("empty or wraps");
        assertThatThrownBy(() -> new GuestRegionSpec(-4096, 4096)).hasMessageContaining("empty or wraps");
        assertThatThrownBy(() -> new GuestRegionSpec(Long.MAX_VALUE - 4095, 8192))
                .hasMessageContaining("empty or wraps");
        assertThatThrownBy(() -> GuestMemory.allocate(List.of(), false))
                .hasMessageContaining("at least one memory region");
    }

    @Test
    void moreMemoryThanTheHostCanAddress_isRefusedWithTheRemedy() {
        List<GuestRegionSpec> huge = List.of(new GuestRegionSpec(0, 1L << 61));
        assertThatThrownBy(() -> GuestMemory.allocate(huge, false))
                .isInstanceOf(NativeException.class)
                .hasMessageContaining("give the machine less memory");
    }

    @Test
    void secondMappingOfTheDescriptor_sharesTheBytes() throws IOException {
        Path file = Path.of("/proc/self/fd/" + memory.fileDescriptor());
        long offset = memory.translate(SECOND_GPA + 24, 8);
        Le.put64(memory.ram(), offset, 0x1122_3344_5566_7788L);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            assertThat(channel.size()).isEqualTo(2 * REGION_BYTES);
            MappedByteBuffer second = channel.map(FileChannel.MapMode.READ_WRITE, memory.fileOffset(1), REGION_BYTES);
            second.order(ByteOrder.LITTLE_ENDIAN);
            assertThat(second.getLong(24)).isEqualTo(0x1122_3344_5566_7788L);
            second.putInt(24, 0x0bad_cafe);
        }
        assertThat(Le.get32(memory.ram(), offset)).isEqualTo(0x0bad_cafe);
    }

    @Test
    void anotherProcess_readsWhatTheGuestWrote() throws IOException, InterruptedException {
        byte[] text = "seen from outside".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        for (int i = 0; i < text.length; i++) {
            Le.put8(memory.ram(), REGION_BYTES + i, text[i]);
        }
        String file = "/proc/" + ProcessHandle.current().pid() + "/fd/" + memory.fileDescriptor();
        Process reader = new ProcessBuilder(
                        "dd", "if=" + file, "bs=4096", "skip=" + memory.fileOffset(1) / 4096, "count=1", "status=none")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        byte[] seen = reader.getInputStream().readAllBytes();
        assertThat(reader.waitFor()).isZero();
        assertThat(seen).hasSize(4096).startsWith(text);
    }

    @Test
    void accessAfterClose_throwsInsteadOfTouchingMemory() {
        GuestMemory closed = GuestMemories.one();
        closed.close();
        assertThatThrownBy(() -> Le.get8(closed.ram(), 0)).isInstanceOf(IllegalStateException.class);
    }
}
