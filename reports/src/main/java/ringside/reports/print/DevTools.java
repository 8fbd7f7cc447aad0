package ringside.reports.print;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import ringside.harness.HarnessException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A connection of the Chrome DevTools Protocol: numbered commands, answers, events. For one thread of commands. */
final class DevTools implements AutoCloseable {
    private static final long ANSWER_S = 120;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient client;
    private final AtomicInteger next = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
    private final Map<String, Consumer<JsonNode>> listeners = new ConcurrentHashMap<>();
    private WebSocket socket;

    private DevTools(HttpClient client) {
        this.client = client;
    }

    /** Connects to the address that Chromium tells. */
    static DevTools connect(String address) {
        HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
        DevTools tools = new DevTools(client);
        tools.socket =
                await(client.newWebSocketBuilder().buildAsync(URI.create(address), tools.new Reader()), "connect");
        return tools;
    }

    /** Has events of a session handed over, on a thread of the connection. */
    void listen(String session, Consumer<JsonNode> listener) {
        listeners.put(session, listener);
    }

    /**
     * Sends a command and waits for its answer.
     *
     * @param session empty for the browser itself
     * @throws HarnessException when Chromium refuses, ends, or does not answer
     */
    JsonNode call(String session, String method, Map<String, Object> parameters) {
        int id = next.incrementAndGet();
        Map<String, Object> command = new LinkedHashMap<>();
        command.put("id", id);
        command.put("method", method);
        command.put("params", parameters);
        if (!session.isEmpty()) {
            command.put("sessionId", session);
        }
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        await(socket.sendText(JSON.writeValueAsString(command), true), method);
        JsonNode node = await(answer, method);
        if (node.has("error")) {
            throw HarnessException.environment("Chromium refused " + method + ": "
                    + node.at("/error/message").asString());
        }
        return node.path("result");
    }

    private static <T> T await(CompletableFuture<T> future, String what) {
        try {
            return future.get(ANSWER_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw HarnessException.environment("interrupted while Chromium worked on " + what, e);
        } catch (ExecutionException e) {
            throw HarnessException.environment(
                    "Chromium ended during " + what + ": " + e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw HarnessException.environment("Chromium did not answer " + what + " within " + ANSWER_S + " s", e);
        }
    }

    @Override
    public void close() {
        socket.abort();
        client.shutdownNow();
    }

    /** Puts fragments together; asks for the next one after each. */
    private final class Reader implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                JsonNode node = JSON.readTree(text.toString());
                text.setLength(0);
                dispatch(node);
            }
            webSocket.request(1);
            return null; // the listener's contract: the data may be reused at once
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            waiting.values().forEach(answer -> answer.completeExceptionally(error));
        }

        @Override
        public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            onError(webSocket, new IllegalStateException("the connection was closed"));
            return null;
        }

        private void dispatch(JsonNode node) {
            if (node.has("id")) {
                CompletableFuture<JsonNode> answer =
                        waiting.remove(node.get("id").asInt());
                if (answer != null) {
                    answer.complete(node);
                }
            } else {
                Consumer<JsonNode> listener =
                        listeners.get(node.path("sessionId").asString(""));
                if (listener != null) {
                    listener.accept(node);
                }
            }
        }
    }
}
