package ringside.harness.run;

import java.io.IOException;
import java.io.InputStream;

/**
 * Ends a worker whose parent died, however it died: the parent holds the other end of the worker's standard input and
 * never writes to it, so its end is the parent's end.
 */
final class ParentDeathWatch {
    /** Exit code of a worker that lost its parent. */
    static final int EXIT_CODE = 71;

    private ParentDeathWatch() {}

    static void start(InputStream parent) {
        Thread.ofPlatform().daemon().name("parent-death-watch").start(() -> watch(parent));
    }

    private static void watch(InputStream parent) {
        try {
            while (parent.read() >= 0) {
                // Whatever is written here has no meaning.
            }
        } catch (IOException e) {
            System.err.println("ringside: lost the parent: " + e.getMessage());
        }
        // No clean-up: the load may hang in the very thing that is measured.
        Runtime.getRuntime().halt(EXIT_CODE);
    }
}
