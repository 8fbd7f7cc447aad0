package ringside.emulator.vhostuser.server;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * Front-ends from bytes against one server. A finding is an input after which the connection stays, the log has anything
 * but its one-line refusals, a descriptor stays open, or a later well-behaved front-end is not served.
 */
class VhostUserFuzz {
    /** The fuzzer opens files of its own while it begins. */
    private static final int WARM_UP_INPUTS = 50;

    private static final long FILES_OF_THE_FUZZER = 8;

    /** A well-behaved front-end takes longer than ten hostile ones. */
    private static final int SERVE_EVERY = 16;

    private static Path folder;
    private static ServedDisk disk;
    private static long files;
    private static int inputs;

    @BeforeAll
    static void serve() throws IOException {
        folder = Files.createTempDirectory("ringside-fuzz-");
        disk = new ServedDisk(folder);
    }

    @AfterAll
    static void stop() throws IOException {
        disk.close();
        Files.delete(folder.resolve("disk.raw"));
        Files.delete(folder);
    }

    @FuzzTest(maxDuration = "10m")
    void anyFrontEnd(byte[] input) {
        disk.log().clear();
        disk.suffer(input);
        if (inputs % SERVE_EVERY == 0) {
            disk.assertServes();
            disk.awaitAlone();
        }
        if (disk.log().stream().anyMatch(line -> line.contains("unexpectedly") || line.contains("\n"))) {
            throw new AssertionError("the server was surprised: " + disk.log());
        }
        long open = ServedDisk.openFiles();
        if (++inputs <= WARM_UP_INPUTS) {
            files = open;
        } else if (open > files + FILES_OF_THE_FUZZER) {
            throw new AssertionError("descriptors stay open: " + open + ", there were " + files);
        }
    }
}
