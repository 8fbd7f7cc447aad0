package ringside.emulator.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a transport need not say about interrupts. */
class InterruptLineTest {
    private final List<String> reasons = new ArrayList<>();

    private final InterruptLine line = new InterruptLine() {
        @Override
        public void used(int queue) {
            reasons.add("used " + queue);
        }

        @Override
        public void needsReset(String reason) {
            reasons.add(reason);
        }
    };

    @Test
    void queueThatWasGivenUp_needsAReset() {
        line.failed("disk0/queue1", new IllegalStateException("gone"));
        assertThat(reasons)
                .singleElement()
                .asString()
                .startsWith("disk0/queue1")
                .contains("gone");
    }

    @Test
    void configurationChange_isIgnoredByATransportWithoutThatNotification() {
        line.configChanged();
        assertThat(reasons).isEmpty();
    }

    @Test
    void noLine_takesEverythingAndTellsNobody() {
        assertThatCode(() -> {
                    InterruptLine.NONE.used(3);
                    InterruptLine.NONE.needsReset("nobody hears");
                    InterruptLine.NONE.configChanged();
                    InterruptLine.NONE.failed("queue", new IllegalStateException());
                })
                .doesNotThrowAnyException();
    }
}
