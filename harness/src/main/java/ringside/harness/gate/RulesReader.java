package ringside.harness.gate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import ringside.harness.HarnessException;
import ringside.harness.results.AtomicFiles;
import ringside.harness.results.Metric;
import ringside.harness.suite.YamlNode;
import ringside.harness.suite.YamlReader;

/** Reads rules; every error is one line with file and line. The keys are listed in docs/gate.md. */
public final class RulesReader {
    private static final double HUNDRED = 100;
    private static final Set<String> TOP = Set.of("alpha", "tolerance", "min-effect", "underpowered", "rules");
    private static final Set<String> OF_METRICS = Set.of(
            "name",
            "metric",
            "cells",
            "against",
            "direction",
            "tolerance",
            "min-effect",
            "at-most",
            "at-least",
            "expect");
    private static final Set<String> OF_SCALING = Set.of("name", "metric", "cells", "scaling", "sigma", "kappa");

    private final double tolerance;
    private final double minEffect;

    private RulesReader(double tolerance, double minEffect) {
        this.tolerance = tolerance;
        this.minEffect = minEffect;
    }

    /**
     * Reads a file.
     *
     * @throws HarnessException with file and line
     */
    public static Rules read(Path file) {
        try {
            return parse(Files.readString(file), file.toString());
        } catch (IOException e) {
            throw HarnessException.badInput("cannot read " + file + ": " + AtomicFiles.reason(e), e);
        }
    }

    static Rules parse(String text, String file) {
        YamlNode root = YamlReader.read(text, file);
        Map<String, YamlNode> keys = root.mapping("the rules file");
        refuseUnknown(keys, TOP);
        YamlNode list = keys.get("rules");
        if (list == null || list.items("rules").isEmpty()) {
            throw root.place().error("there is no rule: list at least one below 'rules:'");
        }
        RulesReader reader =
                new RulesReader(share(keys, "tolerance", Rules.TOLERANCE), share(keys, "min-effect", Rules.MIN_EFFECT));
        return new Rules(
                share(keys, "alpha", Rules.ALPHA),
                underpowered(keys.get("underpowered")),
                list.items("rules").stream().map(reader::rule).toList());
    }

    private static boolean underpowered(YamlNode node) {
        if (node == null) {
            return false;
        }
        return switch (node.text("underpowered")) {
            case "pass" -> true;
            case "fail" -> false;
            default -> throw node.place().error("underpowered: use pass or fail");
        };
    }

    private Rule rule(YamlNode node) {
        Map<String, YamlNode> keys = node.mapping("a rule");
        if (!keys.containsKey("metric") && !keys.containsKey("scaling")) {
            throw node.place().error("a rule needs a metric, such as 'metric: iops'");
        }
        return keys.containsKey("scaling") ? ofScaling(keys) : ofMetrics(keys);
    }

    private Rule ofMetrics(Map<String, YamlNode> keys) {
        refuseUnknown(keys, OF_METRICS);
        List<String> metrics = texts(keys.get("metric"), "metric");
        Optional<Limit> atMost = parsed(keys, "at-most", Limit::parse);
        Optional<Limit> atLeast = parsed(keys, "at-least", Limit::parse);
        Optional<Expectation> expectation = Optional.ofNullable(keys.get("expect"))
                .map(node -> parse(
                        node,
                        String.join(
                                ", ",
                                node.items("expect").stream()
                                        .map(item -> item.text("expect"))
                                        .toList()),
                        Expectation::parse));
        boolean absolute = atMost.isPresent() || atLeast.isPresent() || expectation.isPresent();
        boolean relative = !absolute
                || keys.containsKey("tolerance")
                || keys.containsKey("min-effect")
                || keys.containsKey("direction");
        return new Rule.OfMetrics(
                name(keys, String.join(" ", metrics)),
                metrics,
                selector(keys.get("cells")),
                against(keys.get("against")),
                direction(keys.get("direction")),
                relative,
                share(keys, "tolerance", tolerance),
                share(keys, "min-effect", Math.max(minEffect, share(keys, "tolerance", tolerance))),
                atMost,
                atLeast,
                expectation);
    }

    private static Rule ofScaling(Map<String, YamlNode> keys) {
        refuseUnknown(keys, OF_SCALING);
        YamlNode axis = keys.get("scaling");
        Optional<Rule.CoefficientLimit> sigma = coefficient(keys.get("sigma"), "sigma");
        Optional<Rule.CoefficientLimit> kappa = coefficient(keys.get("kappa"), "kappa");
        if (sigma.isEmpty() && kappa.isEmpty()) {
            throw axis.place().error("a rule about scaling needs sigma or kappa, such as 'sigma: {may-rise: 0.01}'");
        }
        return new Rule.OfScaling(
                name(keys, "scaling by " + axis.text("scaling")),
                keys.containsKey("metric") ? keys.get("metric").text("metric") : "iops",
                axis.text("scaling"),
                selector(keys.get("cells")),
                sigma,
                kappa);
    }

    private static Optional<Rule.CoefficientLimit> coefficient(YamlNode node, String what) {
        if (node == null) {
            return Optional.empty();
        }
        Map<String, YamlNode> keys = node.mapping(what);
        refuseUnknown(keys, Set.of("at-most", "may-rise"));
        if (keys.isEmpty()) {
            throw node.place().error(what + " needs at-most or may-rise");
        }
        return Optional.of(new Rule.CoefficientLimit(number(keys.get("at-most")), number(keys.get("may-rise"))));
    }

    private static OptionalDouble number(YamlNode node) {
        return node == null
                ? OptionalDouble.empty()
                : OptionalDouble.of(parse(node, node.text("a limit"), text -> nonNegative(text)));
    }

    private static double nonNegative(String text) {
        Limit limit = Limit.parse(text);
        if (limit.number() < 0 || !limit.suffix().isEmpty()) {
            throw new IllegalArgumentException("'" + text + "' is no plain number of at least 0");
        }
        return limit.number();
    }

    private static CellSelector selector(YamlNode node) {
        if (node == null) {
            return CellSelector.ALL;
        }
        String where = node.place().file() + ":" + node.place().line() + ": ";
        if (node instanceof YamlNode.Mapping mapping) {
            Map<String, List<String>> axes = new LinkedHashMap<>();
            mapping.entries().forEach((axis, values) -> axes.put(axis, texts(values, axis)));
            return new CellSelector(axes, "*", where);
        }
        return new CellSelector(Map.of(), node.text("cells"), where);
    }

    private static Map<String, String> against(YamlNode node) {
        Map<String, String> axes = new LinkedHashMap<>();
        if (node != null) {
            node.mapping("against").forEach((axis, value) -> axes.put(axis, value.text(axis)));
        }
        return axes;
    }

    private static Optional<Metric.Better> direction(YamlNode node) {
        if (node == null) {
            return Optional.empty();
        }
        return Optional.of(
                switch (node.text("direction").toLowerCase(Locale.ROOT)) {
                    case "higher" -> Metric.Better.HIGHER;
                    case "lower" -> Metric.Better.LOWER;
                    case "neither" -> Metric.Better.NEITHER;
                    default ->
                        throw node.place()
                                .error("direction: use higher or lower (is better), or neither (no change is welcome)");
                });
    }

    private static String name(Map<String, YamlNode> keys, String otherwise) {
        return keys.containsKey("name") ? keys.get("name").text("name") : otherwise;
    }

    private static List<String> texts(YamlNode node, String what) {
        List<String> texts = new ArrayList<>();
        node.items(what).forEach(item -> texts.add(item.text(what)));
        if (texts.isEmpty()) {
            throw node.place().error(what + " must have a value");
        }
        return texts;
    }

    private static <T> Optional<T> parsed(Map<String, YamlNode> keys, String key, Function<String, T> parser) {
        return Optional.ofNullable(keys.get(key)).map(node -> parse(node, node.text(key), parser));
    }

    private static <T> T parse(YamlNode node, String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw node.place().error(e.getMessage());
        }
    }

    private static double share(Map<String, YamlNode> keys, String key, double otherwise) {
        YamlNode node = keys.get(key);
        return node == null ? otherwise : parse(node, node.text(key), text -> percentage(key, text));
    }

    private static double percentage(String key, String text) {
        Limit limit = Limit.parse(text);
        double share = limit.number() / HUNDRED;
        if (!(share > 0 && share < 1)
                || !(limit.suffix().isEmpty() || limit.suffix().equals("%"))) {
            throw new IllegalArgumentException(key + ": '" + text + "' is no percentage between 0 and 100");
        }
        return share;
    }

    private static void refuseUnknown(Map<String, YamlNode> keys, Set<String> known) {
        keys.forEach((key, node) -> {
            if (!known.contains(key)) {
                throw node.place()
                        .error("'" + key + "' is no key here: use one of "
                                + String.join(", ", known.stream().sorted().toList()));
            }
        });
    }
}
