package ringside.emulator.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.trace.TraceMode;

class ExportSettingsTest {
    private static ExportSpec export(int queueSize) {
        return new ExportSpec(
                Path.of("x.sock"),
                new BlockNodeSpec.Null(1 << 20, 0, false),
                "export0",
                1,
                queueSize,
                1,
                PollSpec.OFF,
                TraceMode.OFF,
                true,
                true,
                "serial");
    }

    /** A Linux guest under QEMU hung: it filled tables of 256 entries for a queue of 128. */
    @Test
    void largeQueueOffered_segmentsFitTheQueueThatQemuMakes() {
        assertThat(Export.settings(export(256)).segMax()).isEqualTo(126);
    }

    @Test
    void smallQueueOffered_segmentsFitIt() {
        assertThat(Export.settings(export(64)).segMax()).isEqualTo(62);
    }
}
