package ringside.reports.serve;

import java.nio.charset.StandardCharsets;

/**
 * An answer that is not a stream.
 *
 * @param status of HTTP
 * @param type media type
 * @param body all of it
 */
record Reply(int status, String type, byte[] body) {
    static Reply html(String text) {
        return new Reply(200, "text/html; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    static Reply json(String text) {
        return new Reply(200, "application/json", text.getBytes(StandardCharsets.UTF_8));
    }

    /** One line for who asked for something else. */
    static Reply refusal(int status, String line) {
        return new Reply(status, "text/plain; charset=utf-8", (line + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
