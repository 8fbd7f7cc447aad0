package ringside.emulator.pci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.SpecClause;

/** The 256 bytes: every width at every offset, write masks, sizing, the capability list. */
class PciConfigSpaceTest {
    private final PciConfigSpace config =
            new PciConfigSpace(new PciIdentity(0x1af4, 0x1042, 1, 0x010000, 0x1af4, 0x1142));

    @Test
    @SpecClause("PCI-3.0 6.1")
    void everyWidthAndOffset_agreesWithTheBytes() {
        config.addBar(0, new PciBar(1 << 14, true, true));
        config.addCapability(9, 16);
        for (int width : new int[] {1, 2, 4}) {
            for (int offset = 0; offset <= 256 - width; offset++) {
                int expected = 0;
                for (int i = 0; i < width; i++) {
                    expected |= config.read(offset + i, 1) << 8 * i;
                }
                assertThat(config.read(offset, width)).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-1,1",
        "-4,4",
        "253,4",
        "255,2",
        "256,1",
        "4095,1",
        "0,3",
        "0,8",
        "0,0",
        "0,-1",
        "2147483647,4",
        "-2147483648,4"
    })
    void accessOutside_readsOnesAndWritesNothing(int offset, int width) {
        assertThat(config.write(offset, width, 0)).isFalse();
        int expected = width == 1 ? 0xff : width == 2 ? 0xffff : -1;
        assertThat(config.read(offset, width)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 0x5555_5555, 0xaaaa_aaaa})
    @SpecClause("PCI-3.0 6.2")
    void readOnlyBits_standWhateverIsWritten(int pattern) {
        config.addCapability(0x11, 12);
        for (int offset = 0; offset < 256; offset++) {
            config.write(offset, 1, pattern);
        }
        assertThat(config.read(0, 4)).isEqualTo(0x1042_1af4);
        assertThat(config.read(6, 2)).isEqualTo(0x10);
        assertThat(config.read(8, 4)).isEqualTo(0x0100_0001);
        assertThat(config.read(0x0e, 2)).as("header type, no self test").isZero();
        assertThat(config.read(0x2c, 4)).isEqualTo(0x1142_1af4);
        assertThat(config.read(0x34, 1)).isEqualTo(0x40);
        assertThat(config.read(0x3d, 1)).isEqualTo(1);
        assertThat(config.read(0x40, 2)).isEqualTo(0x0011);
        assertThat(config.read(4, 2))
                .as("command: memory, master, parity, SERR, INTx")
                .isEqualTo(pattern & 0x546);
        assertThat(config.read(0x10, 4)).as("no BAR").isZero();
        config.reset();
        assertThat(config.read(4, 2)).isZero();
        assertThat(config.read(0x3c, 1)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"16,false,false", "4096,false,true", "2147483648,false,false"})
    @SpecClause("PCI-3.0 6.2.5.1")
    void sizing_tellsTheSizeOfA32BitBar(long size, boolean wide, boolean prefetchable) {
        config.addBar(2, new PciBar(size, wide, prefetchable));
        config.write(0x18, 4, -1);
        int read = config.read(0x18, 4);
        assertThat(read & 0xf).isEqualTo(prefetchable ? 8 : 0);
        assertThat(Integer.toUnsignedLong(-(read & ~0xf))).isEqualTo(size);
        config.write(0x18, 4, 0xfebf_ffff);
        assertThat(config.base(2)).isEqualTo(0xfebf_ffffL & -size);
    }

    @ParameterizedTest
    @ValueSource(longs = {16, 1 << 14, 1L << 32, 1L << 40})
    @SpecClause("PCI-3.0 6.2.5.1")
    void sizing_tellsTheSizeOfA64BitBar(long size) {
        config.addBar(4, new PciBar(size, true, false));
        config.write(0x20, 4, -1);
        config.write(0x24, 4, -1);
        long read = Integer.toUnsignedLong(config.read(0x20, 4)) | (long) config.read(0x24, 4) << 32;
        assertThat(read & 0xf).isEqualTo(4);
        assertThat(-(read & ~0xfL)).isEqualTo(size);
        config.write(0x20, 4, 0);
        config.write(0x24, 4, 0x100);
        assertThat(config.base(4)).isEqualTo(0x100_0000_0000L & -size);
    }

    @Test
    void impossibleBar_isRefused() {
        for (long size : new long[] {8, 24, -16, 1L << 32}) {
            assertThatThrownBy(() -> new PciBar(size, false, false)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    @SpecClause("PCI-3.0 6.7")
    void capabilities_formAListThatEnds() {
        int[] added = {config.addCapability(9, 16), config.addCapability(9, 20), config.addCapability(0x11, 12)};
        assertThat(added).containsExactly(0x40, 0x50, 0x64);
        assertThat(config.read(0x34, 1)).isEqualTo(0x40);
        assertThat(config.read(0x41, 1)).isEqualTo(0x50);
        assertThat(config.read(0x51, 1)).isEqualTo(0x64);
        assertThat(config.read(0x65, 1)).isZero();
        assertThatThrownBy(() -> config.addCapability(9, 200)).hasMessageContaining("no room");
    }
}
