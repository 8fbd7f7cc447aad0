import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Compares the numbers embedded in a report with the JSON files of its results folder: every run that counts is in the
 * report, with exactly its metrics; the medians in the table behind the IOPS figures are those of the files, recomputed
 * here; and the page fetches nothing. Run by check-report.sh as a single source file.
 */
final class CheckReport {
    private static final Pattern EMBEDDED =
            Pattern.compile("<script type=\"application/gzip\" id=\"ringside-data\">(.*?)</script>", Pattern.DOTALL);
    private static final String IOPS_TABLE = "iops-iops";
    private static final Pattern FETCHES =
            Pattern.compile("<(?:script|img|iframe)[^>]*\\ssrc=\"(?!data:)[^\"]*\"|<link[^>]*\\shref=\"(?!data:)[^\"]*\"");

    private final ObjectMapper mapper = new ObjectMapper();
    private final List<String> faults = new ArrayList<>();

    public static void main(String[] args) throws IOException {
        CheckReport check = new CheckReport();
        String summary = check.compare(Path.of(args[0]), Path.of(args[1]));
        check.faults.forEach(fault -> System.err.println("check-report: " + fault));
        if (!check.faults.isEmpty()) {
            System.exit(1);
        }
        System.out.println("check-report: " + summary);
    }

    private String compare(Path results, Path report) throws IOException {
        Map<String, JsonNode> files = runsOf(results);
        if (files.isEmpty()) {
            faults.add(results + " holds no result");
        }
        String html = Files.readString(report);
        Matcher fetch = FETCHES.matcher(html);
        if (fetch.find()) {
            faults.add(report + " is not self-contained: " + fetch.group());
        }
        Matcher block = EMBEDDED.matcher(html);
        if (!block.find()) {
            faults.add(report + " has no element with id ringside-data");
            return "";
        }
        JsonNode data = inflated(block.group(1));
        Map<String, JsonNode> embedded = new TreeMap<>();
        collect(data.path("runs"), embedded);
        long numbers = 0;
        for (Map.Entry<String, JsonNode> file : files.entrySet()) {
            numbers += compareRun(file.getKey(), file.getValue(), embedded.get(file.getKey()));
        }
        for (String key : embedded.keySet()) {
            if (!files.containsKey(key)) {
                faults.add("the report shows run " + key + ", for which there is no file");
            }
        }
        numbers += compareMedians(data.path("tables"), files);
        return files.size() + " runs, " + numbers + " numbers equal in " + report.getFileName() + " and in the JSON files";
    }

    private JsonNode inflated(String packed) throws IOException {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(packed)))) {
            return mapper.readTree(in);
        }
    }

    /** The rows of the IOPS table begin with the values of the axes, in the order of its head, then comes the median. */
    private long compareMedians(JsonNode tables, Map<String, JsonNode> files) {
        JsonNode table = tables.path(IOPS_TABLE);
        if (!table.has("rows")) {
            faults.add("the report has no table " + IOPS_TABLE + " in its element with id ringside-data");
            return 0;
        }
        List<String> head = new ArrayList<>();
        table.get("head").forEach(name -> head.add(name.asString()));
        int median = head.indexOf("median");
        Map<List<String>, List<Double>> expected = iopsByAxes(files, head.subList(0, median));
        for (JsonNode row : table.get("rows")) {
            List<String> point = new ArrayList<>();
            for (int i = 0; i < median; i++) {
                point.add(row.get(i).asString());
            }
            List<Double> runs = expected.remove(point);
            double wanted = runs == null ? Double.NaN : median(runs);
            double shown = row.get(median).isNumber() ? row.get(median).asDouble() : Double.NaN;
            if (Double.compare(wanted, shown) != 0) {
                faults.add("median iops of " + point + " is " + wanted + " by the files, but " + shown + " in the report");
            }
        }
        expected.keySet().forEach(point -> faults.add("the table " + IOPS_TABLE + " lacks " + point));
        return table.get("rows").size();
    }

    private static Map<List<String>, List<Double>> iopsByAxes(Map<String, JsonNode> files, List<String> axes) {
        Map<List<String>, List<Double>> values = new HashMap<>();
        for (JsonNode file : files.values()) {
            if (file.path("status").asString().equals("OK")) {
                List<String> point = axes.stream()
                        .map(axis -> file.path("axes").path(axis).asString(""))
                        .toList();
                values.computeIfAbsent(point, _ -> new ArrayList<>()).add(value(file, "iops"));
            }
        }
        return values;
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private Map<String, JsonNode> runsOf(Path results) throws IOException {
        Map<String, JsonNode> runs = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(results, "*.json")) {
            for (Path file : files) {
                collect(mapper.readTree(file), runs);
            }
        }
        return runs;
    }

    /** Finds the runs at any depth: how the report arranges them is its own affair. */
    private static void collect(JsonNode node, Map<String, JsonNode> runs) {
        if (node.isObject() && node.has("cell") && node.has("repetition") && node.has("metrics")) {
            runs.put(node.get("cell").asString() + "#" + node.get("repetition").asInt(), node);
            return;
        }
        for (JsonNode child : node) {
            collect(child, runs);
        }
    }

    private long compareRun(String key, JsonNode file, JsonNode embedded) {
        if (!file.path("status").asString().equals("OK")) {
            return 0;
        }
        if (embedded == null) {
            faults.add("run " + key + " is missing in the report");
            return 0;
        }
        if (value(file, "iops").isNaN() || value(file, "iops") <= 0) {
            faults.add("run " + key + " has no iops in its file");
        }
        long numbers = 0;
        for (String metric : file.get("metrics").propertyNames()) {
            Double shown = value(embedded, metric);
            if (shown.isNaN() && !metric.equals("iops")) {
                continue; // the report need not embed every counter
            }
            numbers++;
            if (!shown.equals(value(file, metric))) {
                faults.add("run " + key + ": " + metric + " is " + value(file, metric) + " in its file, but " + shown
                        + " in the report");
            }
        }
        return numbers;
    }

    private static Double value(JsonNode run, String metric) {
        JsonNode node = run.get("metrics").path(metric);
        JsonNode number = node.isObject() ? node.path("value") : node;
        return number.isNumber() ? number.asDouble() : Double.NaN;
    }
}
