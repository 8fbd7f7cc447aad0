package ringside.workloads.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FioUnitsTest {
    @ParameterizedTest
    @CsvSource({
        "4k,4096",
        "4K,4096",
        "4kb,4096",
        "4ki,4096",
        "4kib,4000",
        "4KiB,4000",
        "4096b,4096",
        "0x1000,4096",
        "1m,1048576",
        "1mib,1000000",
        "1g,1073741824",
        "1t,1099511627776",
        "1p,1125899906842624",
        "0,0"
    })
    void bytes_followFioWithKbBase1024(String text, long bytes) {
        assertThat(FioUnits.bytes("size", text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "10,10000000000",
        "10s,10000000000",
        "2sec,2000000000",
        "100ms,100000000",
        "100msec,100000000",
        "10us,10000",
        "10usec,10000",
        "5m,300000000000",
        "1M,60000000000",
        "1h,3600000000000",
        "1d,86400000000000"
    })
    void times_followFio(String text, long ns) {
        assertThat(FioUnits.durationNs("runtime", text)).isEqualTo(ns);
    }

    @Test
    void percentOfRegion_isRoundedUpToBlocks() {
        JobRegion region = new JobRegion(Extent.percent(33), Extent.percent(50), Extent.UNSET);

        assertThat(region.resolve("x", 1_000_448, BlockSizes.DEFAULT))
                .isEqualTo(new JobRegion.Resolved(331_776, 500_224, 500_224));
    }

    @Test
    void regionBeyondTheDisk_isRefused() {
        JobRegion region = new JobRegion(Extent.bytes(4096), Extent.bytes(1 << 20), Extent.UNSET);

        assertThatThrownBy(() -> region.resolve("x", 1 << 20, BlockSizes.DEFAULT))
                .hasMessage("job x: offset=4096 and size=1048576 reach beyond the disk of 1048576 bytes:"
                        + " use a smaller size, or size=100%");
        assertThatThrownBy(() -> JobRegion.WHOLE_DISK.resolve("x", 2048, BlockSizes.DEFAULT))
                .hasMessageContaining("smaller than one block");
    }
}
