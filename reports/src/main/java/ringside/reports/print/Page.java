package ringside.reports.print;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import ringside.harness.HarnessException;
import tools.jackson.databind.JsonNode;

/** A page in Chromium. For one thread. */
public final class Page {
    private static final long LOAD_NS = 120_000_000_000L;
    private static final long POLL_MS = 50;

    /** Chromium draws no higher picture. */
    private static final double HIGHEST_PX = 16_384;

    private static final double MARGIN_INCH = 0.4;
    private static final double A4_WIDTH_INCH = 8.27;
    private static final double A4_HEIGHT_INCH = 11.69;
    private static final String FOOTER = "<div style=\"width:100%;font:8px sans-serif;color:#666;text-align:center\">"
            + "<span class=\"pageNumber\"></span> / <span class=\"totalPages\"></span></div>";

    /** Width of what an A4 sheet shows, in CSS pixels: figures drawn that wide fit on it. */
    static final int PAPER_PX = (int) ((A4_WIDTH_INCH - 2 * MARGIN_INCH) * 96);

    private static final String FIGURE_IDS =
            "Array.from(document.querySelectorAll('.js-plotly-plot[id^=plot_]')).map(function (d) { return d.id; })";
    private static final String FIGURE_IMAGE = """
            (function (d) {
              var heading = (d.closest("section") || document).querySelector("h2");
              var caption = d.closest("figure").querySelector("figcaption");
              var title = [heading, caption].filter(Boolean).map(function (e) { return e.textContent; }).join(": ");
              var names = {};
              var data = d.data.map(function (trace) {
                var shown = Boolean(trace.name) && !names[trace.name];
                names[trace.name] = true;
                return Object.assign({}, trace, { showlegend: shown });
              });
              var layout = Object.assign({}, d.layout, {
                paper_bgcolor: "#ffffff", plot_bgcolor: "#ffffff", title: { text: title, x: 0.01, font: { size: 15 } },
                showlegend: Object.keys(names).length > 1, legend: { orientation: "h", y: -0.25 },
                margin: Object.assign({}, d.layout.margin, { t: 48 })
              });
              return Plotly.toImage({ data: data, layout: layout },
                { format: "%2$s", width: d.clientWidth, height: d.clientHeight + 60 });
            })(document.getElementById(%1$s))""";

    private final DevTools tools;
    private final String session;
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    Page(DevTools tools, int widthPx, int heightPx) {
        this.tools = tools;
        String target = tools.call("", "Target.createTarget", Map.of("url", "about:blank"))
                .get("targetId")
                .asString();
        this.session = tools.call("", "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .get("sessionId")
                .asString();
        tools.listen(session, this::event);
        call("Page.enable");
        call("Runtime.enable");
        call("Network.enable");
        call("Log.enable");
        size(widthPx, heightPx);
    }

    private void event(JsonNode event) {
        switch (event.path("method").asString("")) {
            case "Runtime.exceptionThrown" ->
                complaints.add(event.at("/params/exceptionDetails/exception/description")
                        .asString(event.at("/params/exceptionDetails/text").asString("")));
            case "Runtime.consoleAPICalled" -> {
                if (event.at("/params/type").asString("").matches("error|warning|assert")) {
                    complaints.add(event.at("/params/args/0/value").asString(""));
                }
            }
            case "Log.entryAdded" ->
                complaints.add(event.at("/params/entry/text").asString(""));
            case "Network.requestWillBeSent" ->
                requests.add(event.at("/params/request/url").asString(""));
            default -> {
                // nothing that anybody asked for
            }
        }
    }

    private JsonNode call(String method) {
        return call(method, Map.of());
    }

    private JsonNode call(String method, Map<String, Object> parameters) {
        return tools.call(session, method, parameters);
    }

    /** What the console complained about, in order. */
    public List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** Addresses that were asked for, the page's own included. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** Gives the page another size. */
    public Page size(int widthPx, int heightPx) {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", widthPx, "height", heightPx, "deviceScaleFactor", 1, "mobile", false));
        return this;
    }

    /**
     * Shows it as on that medium.
     *
     * @param media {@code screen} or {@code print}
     * @param scheme {@code light} or {@code dark}
     */
    public Page medium(String media, String scheme) {
        call(
                "Emulation.setEmulatedMedia",
                Map.of("media", media, "features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        return this;
    }

    /** Opens an address and waits until the page has drawn its figures. */
    public Page open(URI address) {
        call("Page.navigate", Map.of("url", address.toString()));
        return await("document.documentElement?.hasAttribute('data-plots') === true");
    }

    /** Waits until an expression is true. */
    public Page await(String expression) {
        long deadline = System.nanoTime() + LOAD_NS;
        while (!evaluate(expression).asBoolean(false)) {
            if (System.nanoTime() > deadline) {
                throw HarnessException.environment("the page was not drawn within " + LOAD_NS / 1_000_000_000L + " s"
                        + (complaints.isEmpty() ? "" : ": " + complaints.getFirst()));
            }
            try {
                Thread.sleep(POLL_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw HarnessException.environment("interrupted while a page was drawn", e);
            }
        }
        return this;
    }

    /** The value of an expression; a promise is waited for. */
    public JsonNode evaluate(String expression) {
        JsonNode answer =
                call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
        if (answer.has("exceptionDetails")) {
            throw HarnessException.environment("the page could not evaluate " + expression + ": "
                    + answer.at("/exceptionDetails/exception/description").asString("no reason"));
        }
        return answer.at("/result/value");
    }

    /** Clicks the first element that a selector finds, as a user who can see it does. */
    public Page click(String selector) {
        String found = "document.querySelector(" + quoted(selector) + ")";
        if (evaluate(found + " === null").asBoolean()) {
            throw new IllegalArgumentException("nothing matches " + selector);
        }
        call("Page.bringToFront"); // a page behind another one gets moves of the mouse seconds late
        evaluate(found + ".scrollIntoView({block: 'center', behavior: 'instant'})");
        JsonNode box = evaluate("(function (b) { return {x: b.x + b.width / 2, y: b.y + b.height / 2}; })(" + found
                + ".getBoundingClientRect())");
        for (String type : List.of("mouseMoved", "mousePressed", "mouseReleased")) {
            Map<String, Object> mouse = new LinkedHashMap<>();
            mouse.put("type", type);
            mouse.put("x", box.get("x").asDouble());
            mouse.put("y", box.get("y").asDouble());
            mouse.put("button", type.equals("mouseMoved") ? "none" : "left");
            mouse.put("clickCount", type.equals("mouseMoved") ? 0 : 1);
            call("Input.dispatchMouseEvent", mouse);
        }
        return this;
    }

    /**
     * Presses a key where the focus is.
     *
     * @param key as the DOM names it, for example {@code ArrowDown}
     * @param code its Windows virtual key code, which decides what it does
     */
    public Page press(String key, int code) {
        for (String type : List.of("rawKeyDown", "keyUp")) {
            call(
                    "Input.dispatchKeyEvent",
                    Map.of("type", type, "key", key, "code", key, "windowsVirtualKeyCode", code));
        }
        return this;
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** The whole page as a PNG, smaller where it would be higher than Chromium draws. */
    public byte[] png() {
        JsonNode content = call("Page.getLayoutMetrics").get("cssContentSize");
        double height = content.get("height").asDouble();
        Map<String, Object> clip = new LinkedHashMap<>();
        clip.put("x", 0);
        clip.put("y", 0);
        clip.put("width", content.get("width").asDouble());
        clip.put("height", height);
        clip.put("scale", Math.min(1, HIGHEST_PX / height));
        return bytes(
                call("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true, "clip", clip)));
    }

    /** The page on A4 with page numbers and an outline. */
    public byte[] pdf() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("printBackground", true);
        options.put("paperWidth", A4_WIDTH_INCH);
        options.put("paperHeight", A4_HEIGHT_INCH);
        options.put("marginLeft", MARGIN_INCH);
        options.put("marginRight", MARGIN_INCH);
        options.put("marginTop", MARGIN_INCH);
        options.put("marginBottom", 1.5 * MARGIN_INCH);
        options.put("displayHeaderFooter", true);
        options.put("headerTemplate", "<span></span>");
        options.put("footerTemplate", FOOTER);
        options.put("generateTaggedPDF", true);
        options.put("generateDocumentOutline", true);
        return bytes(call("Page.printToPDF", options));
    }

    /** The figures that are drawn, by file name, each as PNG and as SVG on white. */
    Map<String, byte[]> figures() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (JsonNode id : evaluate(FIGURE_IDS)) {
            String name = id.asString().replaceFirst("^plot_", "").replaceAll("[^A-Za-z0-9_-]", "_");
            for (String format : List.of("png", "svg")) {
                String data = evaluate(FIGURE_IMAGE.formatted(quoted(id.asString()), format))
                        .asString();
                files.put(name + "." + format, image(data));
            }
        }
        return files;
    }

    private static byte[] image(String dataUrl) {
        String data = dataUrl.substring(dataUrl.indexOf(',') + 1);
        return dataUrl.contains(";base64,")
                ? Base64.getDecoder().decode(data)
                : URLDecoder.decode(data.replace("+", "%2B"), StandardCharsets.UTF_8)
                        .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] bytes(JsonNode answer) {
        return Base64.getDecoder().decode(answer.get("data").asString());
    }
}
