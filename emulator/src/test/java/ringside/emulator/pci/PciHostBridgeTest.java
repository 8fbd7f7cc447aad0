package ringside.emulator.pci;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which loads and stores reach which function. */
class PciHostBridgeTest {
    private static final int MEMORY = 2;

    private final PciHostBridge bridge = new PciHostBridge();
    private final Memory first = new Memory();
    private final Memory second = new Memory();
    private long firstConfig;
    private long secondConfig;

    /** A function with two BARs that writes down what arrives. */
    private static final class Memory implements PciFunction {
        private final PciConfigSpace config = new PciConfigSpace(new PciIdentity(0x1234, 0x5678, 0, 0, 0, 0));
        private final List<String> stores = new ArrayList<>();

        Memory() {
            config.addBar(0, new PciBar(0x1000, false, false));
            config.addBar(2, new PciBar(0x4000, true, false));
        }

        @Override
        public int configRead(int offset, int widthBytes) {
            return config.read(offset, widthBytes);
        }

        @Override
        public void configWrite(int offset, int widthBytes, int value) {
            config.write(offset, widthBytes, value);
        }

        @Override
        public PciBar bar(int index) {
            return config.bar(index);
        }

        @Override
        public long barRead(int bar, long offset, int widthBytes) {
            return bar * 0x10000L + offset;
        }

        @Override
        public void barWrite(int bar, long offset, int widthBytes, long value) {
            stores.add("bar%d+0x%x/%d=0x%x".formatted(bar, offset, widthBytes, value));
        }

        @Override
        public int vectors() {
            return 0;
        }

        @Override
        public void connect(InterruptSink sink) {
            // has no interrupts
        }

        @Override
        public boolean intxAsserted() {
            return false;
        }

        @Override
        public void reset() {
            config.reset();
        }

        @Override
        public void whilePaused(Runnable change) {
            change.run();
        }
    }

    @BeforeEach
    void plug() {
        firstConfig = PciHostBridge.ECAM_BASE_GPA + bridge.attach(first).ecamOffset();
        secondConfig = PciHostBridge.ECAM_BASE_GPA + bridge.attach(second).ecamOffset();
    }

    private void place(long config, long bar0, long bar2) {
        bridge.write(config + 0x10, 4, bar0);
        bridge.write(config + 0x18, 4, bar2 & 0xffff_ffffL);
        bridge.write(config + 0x1c, 4, bar2 >>> 32);
        bridge.write(config + 4, 2, MEMORY);
    }

    @Test
    void configurationSpaces_areWhereTheirAddressSays() {
        assertThat(bridge.read(firstConfig, 4)).isEqualTo(0x5678_1234L);
        assertThat(bridge.read(secondConfig + 2, 2)).isEqualTo(0x5678L);
        assertThat(bridge.read(firstConfig, 8)).as("no quadwords here").isEqualTo(-1);
        assertThat(bridge.read(firstConfig + 0x100, 4)).as("no extended space").isEqualTo(0xffff_ffffL);
        assertThat(new PciAddress(1, 2, 3)).hasToString("01:02.3");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 0xe000_0000L, 0xe001_8000L, 0xe010_0000L, 0xefff_fffcL, 1L << 40, -4L, Long.MIN_VALUE})
    void addressWhereNobodyIs_readsOnes(long gpa) {
        for (int width : new int[] {1, 2, 4}) {
            assertThat(bridge.read(gpa, width)).isEqualTo((1L << 8 * width) - 1);
            bridge.write(gpa, width, 0);
        }
        assertThat(bridge.read(gpa, 8)).isEqualTo(-1);
    }

    @Test
    void bars_areDecodedOnlyWhileMemoryIsEnabled() {
        place(firstConfig, 0xc000_0000L, 1L << 40);
        assertThat(bridge.read(0xc000_0ffcL, 4)).isEqualTo(0xffc);
        assertThat(bridge.read((1L << 40) + 0x3ff8, 8)).isEqualTo(0x2_3ff8);
        assertThat(bridge.read((1L << 40) + 0x3ffc, 8)).as("beyond the end").isEqualTo(-1);
        bridge.write((1L << 40) + 8, 2, 7);
        bridge.write(firstConfig + 4, 1, 0);
        bridge.write((1L << 40) + 8, 2, 8);
        assertThat(first.stores).containsExactly("bar2+0x8/2=0x7");
        assertThat(bridge.read(0xc000_0000L, 4)).isEqualTo(0xffff_ffffL);
    }

    @Test
    void movedBar_answersAtItsNewAddressOnly() {
        place(firstConfig, 0xc000_0000L, 1L << 40);
        bridge.write(firstConfig + 0x10, 4, 0xc010_0000L);
        assertThat(bridge.read(0xc000_0000L, 4)).isEqualTo(0xffff_ffffL);
        assertThat(bridge.read(0xc010_0004L, 4)).isEqualTo(4);
    }

    @Test
    void barThatIsBeingSizedOrUnset_isNotDecoded() {
        place(firstConfig, 0xffff_ffffL, -1L);
        assertThat(bridge.read(0xffff_f000L, 4)).isEqualTo(0xffff_ffffL);
        assertThat(bridge.read(-0x4000L, 4)).isEqualTo(0xffff_ffffL);
        place(firstConfig, 0, 0);
        assertThat(bridge.read(0, 4)).isEqualTo(0xffff_ffffL);
        for (long high : new long[] {0x8000_0000_0000_0000L, 0x7fff_ffff_ffff_c000L}) {
            place(firstConfig, 0, high);
            assertThat(bridge.read(high, 4)).isEqualTo(0xffff_ffffL);
        }
    }

    @Test
    void manyBars_areToldApart() {
        List<Long> bases = new ArrayList<>();
        for (int i = 0; i < 37; i++) {
            long config =
                    PciHostBridge.ECAM_BASE_GPA + bridge.attach(new Memory()).ecamOffset();
            bases.add(0xc000_0000L + 0x2000L * (i * 17 % 37));
            place(config, bases.getLast(), (1L << 40) + 0x8000L * i);
        }
        for (long base : bases) {
            assertThat(bridge.read(base, 4)).isZero();
            assertThat(bridge.read(base + 0xffc, 4)).isEqualTo(0xffc);
            assertThat(bridge.read(base + 0xffe, 4)).as("across the end").isEqualTo(0xffff_ffffL);
            assertThat(bridge.read(base + 0x1000, 4)).as("the gap").isEqualTo(0xffff_ffffL);
        }
        assertThat(bridge.read((1L << 40) + 0x8000L * 36 + 8, 4)).isEqualTo(0x2_0008L);
        assertThat(bridge.read(0xbfff_fffcL, 4)).isEqualTo(0xffff_ffffL);
    }

    @Test
    void twoBarsAtOneAddress_areTheFirstFunctions() {
        place(secondConfig, 0xc000_0000L, 1L << 40);
        place(firstConfig, 0xc000_0000L, 1L << 40);
        bridge.write(0xc000_0000L, 4, 1);
        assertThat(first.stores).hasSize(1);
        assertThat(second.stores).isEmpty();
    }

    @Test
    void barOverConfigurationSpace_cannotLockTheGuestOut() {
        place(firstConfig, PciHostBridge.ECAM_BASE_GPA, 1L << 40);
        assertThat(bridge.read(firstConfig, 4))
                .as("the window is at bus 0, device 0")
                .isEqualTo(0x5678_1234L);
    }

    @Test
    void functionsBeyondOneBus_areOnTheNext() {
        for (int i = 0; i < 40; i++) {
            bridge.attach(new Memory());
        }
        assertThat(bridge.buses()).isEqualTo(2);
        assertThat(bridge.read(PciHostBridge.ECAM_BASE_GPA + new PciAddress(1, 1, 0).ecamOffset(), 2))
                .isEqualTo(0x1234);
    }
}
