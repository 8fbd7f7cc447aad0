package ringside.emulator.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class GuestAllocatorTest {
    private static final List<GuestRegionSpec> REGIONS =
            List.of(new GuestRegionSpec(0x10000, 4096), new GuestRegionSpec(0x40000, 8192));

    @Test
    void ranges_areAlignedDisjointAndMapped() {
        try (GuestMemory memory = GuestMemory.allocate(REGIONS, false)) {
            GuestAllocator allocator = new GuestAllocator(memory);
            long first = allocator.allocate(3, 1);
            long second = allocator.allocate(100, 128);
            assertThat(second % 128).isZero();
            assertThat(second).isGreaterThanOrEqualTo(first + 3);
            assertThat(memory.translate(second, 100)).isNotEqualTo(GuestMemory.NOT_MAPPED);
        }
    }

    @Test
    void rangeThatDoesNotFitTheFirstRegion_comesFromTheNext() {
        try (GuestMemory memory = GuestMemory.allocate(REGIONS, false)) {
            GuestAllocator allocator = new GuestAllocator(memory);
            allocator.allocate(4000, 16);
            assertThat(allocator.allocate(4096, 16)).isEqualTo(0x40000);
            assertThat(allocator.allocate(4096, 16)).isEqualTo(0x41000);
        }
    }

    @Test
    void noRoomLeft_namesTheRemedy() {
        try (GuestMemory memory = GuestMemory.allocate(REGIONS, false)) {
            GuestAllocator allocator = new GuestAllocator(memory);
            assertThatThrownBy(() -> allocator.allocate(8193, 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("raise the machine's memory");
        }
    }
}
