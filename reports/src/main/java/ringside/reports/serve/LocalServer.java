package ringside.reports.serve;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import ringside.harness.HarnessException;
import ringside.harness.results.AtomicFiles;
import ringside.harness.spi.PairSource;
import ringside.harness.spi.ReportServer;
import ringside.harness.spi.ReportSubject;

/** The server: loopback only, reading only. A thread per request. */
public final class LocalServer implements ReportServer {
    /** Names of this host in a Host header: others come from a page of somebody else that has our address resolved. */
    private static final String OWN_NAMES = "(?:localhost|127\\.0\\.0\\.1|\\[::1\\])(?::\\d+)?";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Site site;
    private volatile boolean open = true;

    private LocalServer(HttpServer server, Site site) {
        this.server = server;
        this.site = site;
    }

    /**
     * Begins to serve.
     *
     * @param pages makes the page of a subject as a file has it; an index with links into this server
     * @throws HarnessException in one line if the port is taken or the folder holds no results
     */
    public static LocalServer start(Path folder, int port, PairSource pairs, Function<ReportSubject, String> pages) {
        Site site = new Site(folder, pairs, pages);
        try {
            HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 0);
            LocalServer server = new LocalServer(http, site);
            http.setExecutor(server.threads);
            http.createContext("/", server::handle);
            http.start();
            return server;
        } catch (IOException e) {
            throw HarnessException.environment(
                    "cannot serve on port " + port + ": " + AtomicFiles.reason(e) + ": choose another --port", e);
        }
    }

    @Override
    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            Optional<Reply> refusal = refusal(exchange);
            if (refusal.isPresent()) {
                send(exchange, refusal.get());
                return;
            }
            Optional<LiveFolder> events = site.events(path);
            if (events.isPresent()) {
                headers(exchange);
                EventStream.serve(exchange, events.get(), () -> open);
            } else {
                send(exchange, reply(exchange, path));
            }
        }
    }

    private Reply reply(HttpExchange exchange, String path) {
        try {
            return site.reply(path, query(exchange.getRequestURI()));
        } catch (HarnessException e) {
            return Reply.refusal(409, e.getMessage());
        }
    }

    private static Optional<Reply> refusal(HttpExchange exchange) {
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return Optional.of(Reply.refusal(405, "this server only shows: use GET"));
        }
        String host = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Host"))
                .orElse("");
        return host.matches(OWN_NAMES)
                ? Optional.empty()
                : Optional.of(Reply.refusal(403, "this server answers to 127.0.0.1 and localhost only"));
    }

    private static Map<String, String> query(URI address) {
        Map<String, String> query = new LinkedHashMap<>();
        String text = Optional.ofNullable(address.getRawQuery()).orElse("");
        for (String part : text.split("&", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                query.put(
                        part.substring(0, equals),
                        URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return query;
    }

    private static void headers(HttpExchange exchange) {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Cache-Control", "no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("X-Frame-Options", "DENY");
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        headers(exchange);
        exchange.getResponseHeaders().set("Content-Type", reply.type());
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(reply.status(), head ? -1 : reply.body().length);
        if (!head) {
            exchange.getResponseBody().write(reply.body());
        }
    }

    @Override
    public void close() {
        open = false;
        server.stop(0);
        threads.shutdownNow();
    }
}
