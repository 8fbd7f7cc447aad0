package ringside.emulator.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import ringside.emulator.ffi.LibC;

class GuestWindowTest {
    private static final long PAGE = 4096;

    private final GuestMemory window = GuestMemory.window(1L << 30);
    private final GuestMemory guest = GuestMemory.allocate(
            List.of(new GuestRegionSpec(0x10_0000, 4 * PAGE), new GuestRegionSpec(0x80_0000, 8 * PAGE)), false);

    @AfterEach
    void close() {
        window.close();
        guest.close();
    }

    private void mapAll() {
        for (int i = 0; i < guest.regionCount(); i++) {
            window.map(guest.region(i), guest.fileDescriptor(), guest.fileOffset(i));
        }
    }

    @Test
    void mappedRegions_showTheSameMemoryAtTheSameGpa() {
        mapAll();
        Le.put64(guest.ram(), guest.translate(0x80_0000 + PAGE, 8), 42);

        long offset = window.translate(0x80_0000 + PAGE, 8);

        assertThat(Le.get64(window.ram(), offset)).isEqualTo(42);
        assertThat(window.gpaOf(offset)).isEqualTo(0x80_0000 + PAGE);
        Le.put64(window.ram(), window.translate(0x10_0000, 8), 7);
        assertThat(Le.get64(guest.ram(), guest.translate(0x10_0000, 8))).isEqualTo(7);
    }

    @Test
    void unmappedRegion_isNoLongerTranslated_andItsRoomIsUsedAgain() {
        mapAll();
        long before = window.translate(0x10_0000, 8);

        window.unmap(0);

        assertThat(window.translate(0x10_0000, 8)).isEqualTo(GuestMemory.NOT_MAPPED);
        assertThat(window.translate(0x80_0000, 8)).isNotEqualTo(GuestMemory.NOT_MAPPED);
        window.map(guest.region(0), guest.fileDescriptor(), guest.fileOffset(0));
        assertThat(window.translate(0x10_0000, 8)).isEqualTo(before);
    }

    @Test
    void overlappingRegion_isRefused() {
        mapAll();

        assertThatThrownBy(() -> window.map(new GuestRegionSpec(0x10_0000 + PAGE, PAGE), guest.fileDescriptor(), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("overlap");
    }

    @Test
    void regionBehindItsFile_isRefused() {
        assertThatThrownBy(() -> window.map(new GuestRegionSpec(0, 100 * PAGE), guest.fileDescriptor(), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ends behind its file");
    }

    @Test
    void windowTooSmall_isRefused() {
        try (GuestMemory small = GuestMemory.window(2 * PAGE)) {
            assertThatThrownBy(() -> small.map(guest.region(1), guest.fileDescriptor(), guest.fileOffset(1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no room");
        }
    }

    /** The signal of an access behind the end of a file ends in an error of that access, not of the process. */
    @Test
    void fileCutShort_accessFails_andAfterDetachingSucceeds() {
        int fd = LibC.memfdCreate("shrinks", 0);
        LibC.ftruncate(fd, 4 * PAGE);
        window.map(new GuestRegionSpec(0, 4 * PAGE), fd, 0);
        LibC.ftruncate(fd, 0);
        long offset = window.translate(PAGE, 8);

        assertThatThrownBy(() -> Le.get64(window.ram(), offset)).isInstanceOf(InternalError.class);
        window.detachFiles();

        assertThat(Le.get64(window.ram(), offset)).isZero();
        LibC.close(fd);
    }

    @Test
    void dirtyLog_hasOneBitPerPage() {
        int fd = LibC.memfdCreate("log", 0);
        LibC.ftruncate(fd, 4096);
        try (SharedFile seen = SharedFile.map(fd, 0, 64);
                DirtyLog log = new DirtyLog(SharedFile.map(fd, 0, 64))) {
            log.mark(3 * PAGE + 5, 10);
            log.mark(40 * PAGE - 1, 2);
            log.mark(1L << 60, 4096);

            assertThat(Le.get64(seen.segment(), 0)).isEqualTo(1L << 3 | 1L << 39 | 1L << 40);
        }
        LibC.close(fd);
    }
}
