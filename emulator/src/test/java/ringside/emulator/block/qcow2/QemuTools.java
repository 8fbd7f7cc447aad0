package ringside.emulator.block.qcow2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** QEMU's tools as makers and judges of images. Tests skip where they are not installed. */
public final class QemuTools {
    private QemuTools() {}

    /** Runs qemu-img in a folder; it must succeed. Returns what it printed. */
    public static String img(Path folder, String... arguments) {
        return run(folder, 0, "qemu-img", arguments);
    }

    /** Runs qemu-io in a folder; it must succeed. */
    public static String io(Path folder, String... arguments) {
        return run(folder, 0, "qemu-io", arguments);
    }

    /** {@code qemu-img check} must find neither corruptions nor leaks. */
    public static void requireClean(Path folder, String image) {
        String printed = run(folder, 0, "qemu-img", "check", "-f", "qcow2", image);
        assertThat(printed).contains("No errors were found");
    }

    /** What {@code qemu-img check} says of an image, whatever that is, as JSON. */
    public static String check(Path folder, String image) {
        return run(folder, -1, "qemu-img", "check", "-f", "qcow2", "--output=json", image);
    }

    private static String run(Path folder, int expected, String tool, String... arguments) {
        List<String> command = new ArrayList<>(List.of(tool));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            assertThat(code).as(command + ": " + printed).isEqualTo(expected < 0 ? code : expected);
            return printed;
        } catch (IOException e) {
            assumeTrue(e.getMessage() == null, tool + " is not installed (Debian: qemu-utils)");
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
