package ringside.reports.serve;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import ringside.harness.HarnessException;

/** Tells a browser that a folder has changed, as server-sent events (HTML Standard, 9.2), until one of the two goes. */
final class EventStream {
    private static final long LOOK_MS = 1000;
    private static final int LOOKS_PER_PING = 20;

    private EventStream() {}

    static void serve(HttpExchange exchange, LiveFolder folder, BooleanSupplier open) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            String told = "";
            for (int look = 0; open.getAsBoolean(); look++) {
                String version = version(folder, told);
                if (!version.equals(told)) {
                    send(out, "data: " + version + "\n\n");
                    told = version;
                } else if (look % LOOKS_PER_PING == 0) {
                    send(out, ":\n\n"); // finds out whether the browser is still there
                }
                Thread.sleep(LOOK_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A folder that is being begun or removed just now is looked at again. */
    private static String version(LiveFolder folder, String told) {
        try {
            return folder.shownVersion();
        } catch (HarnessException e) {
            return told;
        }
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
