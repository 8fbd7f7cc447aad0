package ringside.emulator.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.pci.InterruptSink;
import ringside.emulator.pci.PciAddress;

/** Messages reach the destination that their address names, and levels whoever the line is routed to. */
class InterruptControllerTest {
    private static final PciAddress SLOT = new PciAddress(0, 3, 0);
    private static final PciAddress OTHER_SLOT = new PciAddress(1, 3, 0);

    private final InterruptController controller = new InterruptController();
    private final List<Integer> heard = new ArrayList<>();

    private InterruptRoute route(int name) {
        return () -> heard.add(name);
    }

    @Test
    void message_interruptsTheDestinationOfItsAddress() {
        List<InterruptRoute> routes = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            routes.add(route(i));
            assertThat(controller.destination(routes.get(i))).isEqualTo(i);
        }
        InterruptSink sink = controller.sink(SLOT);
        for (int i : new int[] {0, 1, 255, 256, 599}) {
            sink.message(0, InterruptController.messageAddress(i), 0x41);
        }
        assertThat(heard).containsExactly(0, 1, 255, 256, 599);
    }

    @Test
    void sameRoute_keepsItsNumber() {
        InterruptRoute first = route(1);
        controller.destination(first);
        controller.destination(route(2));
        assertThat(controller.destination(first)).isZero();
    }

    /** A guest writes any address into its MSI-X table. */
    @ParameterizedTest
    @ValueSource(
            longs = {0, 0xfed0_0000L, 0xfef0_0000L, 0x1_fee0_0000L, -1, Long.MIN_VALUE, 0xfee0_1000L, 0xfeef_ffe0L})
    void messageToNobody_isLost(long address) {
        controller.destination(route(0));
        controller.sink(SLOT).message(0, address, 0);
        assertThat(heard).isEmpty();
    }

    @Test
    void level_interruptsTheRouteOfItsSlotOnly() {
        controller.routeLine(SLOT, route(1));
        controller.routeLine(OTHER_SLOT, route(2));
        InterruptSink sink = controller.sink(SLOT);
        sink.intx(true);
        sink.intx(false);
        assertThat(heard).containsExactly(1);
        assertThat(sink.masksVectors()).isFalse();
    }

    @Test
    void levelThatIsAssertedAlready_isHeardByWhoIsRoutedLate() {
        controller.sink(SLOT).intx(true);
        controller.routeLine(SLOT, route(7));
        assertThat(heard).containsExactly(7);
    }

    @Test
    void moreThan32768Destinations_areRefused() {
        for (int i = 0; i < 1 << 15; i++) {
            int name = i;
            controller.destination(() -> heard.add(name));
        }
        assertThatThrownBy(() -> controller.destination(route(0)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("32768");
    }
}
