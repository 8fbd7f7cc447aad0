package ringside.emulator.device.blk;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ringside.emulator.ffi.LibC;
import ringside.emulator.memory.DirtyLog;
import ringside.emulator.memory.GuestMemories;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.memory.SharedFile;
import ringside.emulator.virtqueue.RawSplitRing;
import ringside.emulator.virtqueue.Virtqueue;

/** What a device writes is logged while the guest migrates: page by page, the status byte's, too. */
class BlkMigrationLogTest {
    private static final long PAGE = GuestMemories.BASE_GPA + 0x100000;
    private static final int LOG_BYTES = 1 << 16;

    /** Columns: where the data and the status byte begin within their pages; the latter in a descriptor of its own. */
    @ParameterizedTest
    @CsvSource({"0,0", "0,1", "0,4095", "100,0", "4000,0"})
    void pageOfALoneStatusByte_isLogged(int dataAt, int statusAt) {
        long data = PAGE + 0x2000 + dataAt;
        long status = PAGE + 0x8000 + statusAt;
        assertLogged(data, 512, status, data >>> 12, (data + 511) >>> 12, status >>> 12);
    }

    /** Data and status in one descriptor: the status is the only byte on the last page. */
    @Test
    void statusByteThatBeginsAPage_isLogged() {
        long data = PAGE + 0x3000 - 512;
        assertLogged(data, 513, 0, data >>> 12, (PAGE + 0x3000) >>> 12);
    }

    private static void assertLogged(long data, int dataBytes, long status, long... pages) {
        try (GuestMemory memory = GuestMemories.two()) {
            RawSplitRing ring = new RawSplitRing(memory, 8, GuestMemories.BASE_GPA);
            ring.desc(0, PAGE, 16, RawSplitRing.NEXT, 1);
            ring.desc(1, data, dataBytes, RawSplitRing.WRITE | (status == 0 ? 0 : RawSplitRing.NEXT), 2);
            ring.desc(2, status, 1, RawSplitRing.WRITE, 0);
            Virtqueue queue = ring.offer(0).activate(false, false);
            int fd = LibC.memfdCreate("log", 0);
            LibC.ftruncate(fd, LOG_BYTES);
            SharedFile file = SharedFile.map(fd, 0, LOG_BYTES);
            LibC.close(fd);
            try (DirtyLog log = new DirtyLog(file)) {
                queue.logWrites(log, Virtqueue.NOT_LOGGED);
                BlkRequest request = new BlkRequest(0, null);
                assertThat(queue.readChain(queue.nextHead(), request.chain)).isTrue();
                BlkRequestParser parser = new BlkRequestParser(memory);
                assertThat(parser.parse(request)).isTrue();
                parser.putStatus(request, 0);
                queue.logWritten(request.chain);
                for (long page : pages) {
                    int bits = file.segment().get(ValueLayout.JAVA_BYTE, page / 8);
                    assertThat(bits >> page % 8 & 1).as("page 0x%x", page).isOne();
                }
            }
        }
    }
}
