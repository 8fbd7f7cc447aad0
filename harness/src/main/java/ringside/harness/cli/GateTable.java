package ringside.harness.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import ringside.harness.gate.Decision;
import ringside.harness.gate.Difference;
import ringside.harness.gate.GateResult;
import ringside.harness.gate.GateVerdict;
import ringside.harness.results.ResultJson;

/** The gate's answer in the forms that people and CI systems read. */
enum GateTable {
    TEXT {
        @Override
        void print(GateResult result, PrintWriter out) {
            int width = result.decisions().stream()
                    .mapToInt(one -> one.cell().length())
                    .max()
                    .orElse(4);
            String rule = "";
            for (Decision one : result.decisions()) {
                if (!one.rule().equals(rule)) {
                    rule = one.rule();
                    out.println("rule " + rule);
                }
                out.printf(
                        "  %-" + width + "s %-14s %11s -> %-11s %-22s %s%n",
                        one.cell(),
                        one.metric(),
                        value(one.before(), one.unit()),
                        value(one.now(), one.unit()),
                        ratio(one),
                        verdict(one));
            }
            out.println((result.decisions().isEmpty() ? "" : "\n") + summary(result));
            differences(result, "  ", out);
        }
    },
    MARKDOWN {
        @Override
        void print(GateResult result, PrintWriter out) {
            out.println("### Ringside gate: " + result.verdict().label());
            out.println();
            out.println(summary(result));
            out.println();
            if (!result.decisions().isEmpty()) {
                out.println("| rule | cell | metric | baseline | now | now / baseline | verdict |");
                out.println("| --- | --- | --- | ---: | ---: | --- | --- |");
            }
            for (Decision one : byImportance(result)) {
                out.println("| "
                        + List.of(
                                        one.rule(),
                                        one.cell(),
                                        one.metric(),
                                        value(one.before(), one.unit()),
                                        value(one.now(), one.unit()),
                                        ratio(one),
                                        (one.verdict().failed()
                                                        ? "**" + one.verdict().label() + "**"
                                                        : one.verdict().label())
                                                + (one.detail().isEmpty() ? "" : ": " + one.detail()))
                                .stream()
                                .map(text -> text.replace("|", "\\|"))
                                .collect(Collectors.joining(" | "))
                        + " |");
            }
            out.println();
            differences(result, "- ", out);
        }
    },
    JSON {
        @Override
        void print(GateResult result, PrintWriter out) {
            out.print(ResultJson.write(result));
            out.flush();
        }
    },
    JUNIT {
        @Override
        void print(GateResult result, PrintWriter out) {
            StringWriter text = new StringWriter();
            try {
                XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
                xml.writeStartDocument();
                suite(xml, result);
                xml.writeEndDocument();
            } catch (XMLStreamException e) {
                throw new IllegalStateException("cannot write XML: " + e.getMessage(), e);
            }
            out.println(text);
        }
    };

    private static final double HUNDRED = 100;

    abstract void print(GateResult result, PrintWriter out);

    /** The whole as a text. */
    String text(GateResult result) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        print(result, out);
        out.flush();
        return text.toString();
    }

    private static void suite(XMLStreamWriter xml, GateResult result) throws XMLStreamException {
        boolean refused = !result.refused().isEmpty();
        long failures = result.decisions().stream()
                .filter(one -> one.verdict().failed())
                .count();
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", "ringside gate");
        xml.writeAttribute("tests", Integer.toString(result.decisions().size() + (refused ? 1 : 0)));
        xml.writeAttribute("failures", Long.toString(failures));
        xml.writeAttribute("errors", refused ? "1" : "0");
        xml.writeAttribute(
                "skipped",
                Long.toString(result.decisions().stream()
                        .filter(one -> one.verdict().undecided())
                        .count()));
        if (refused) {
            testCase(
                    xml,
                    "compatibility",
                    "ringside.gate",
                    "error",
                    result.refused().stream().map(Difference::text).collect(Collectors.joining("; ")));
        }
        for (Decision one : result.decisions()) {
            String element = one.verdict().failed() ? "failure" : one.verdict().undecided() ? "skipped" : "";
            testCase(xml, one.cell() + " " + one.metric(), one.rule(), element, verdict(one) + ", " + ratio(one));
        }
        xml.writeEndElement();
    }

    private static void testCase(XMLStreamWriter xml, String name, String group, String element, String message)
            throws XMLStreamException {
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", group);
        xml.writeAttribute("name", name);
        if (!element.isEmpty()) {
            xml.writeEmptyElement(element);
            xml.writeAttribute("message", message);
        }
        xml.writeEndElement();
    }

    private static List<Decision> byImportance(GateResult result) {
        return result.decisions().stream()
                .sorted((a, b) -> b.verdict().compareTo(a.verdict()))
                .toList();
    }

    private static String summary(GateResult result) {
        if (!result.refused().isEmpty()) {
            return "incompatible: these results cannot be held against this baseline";
        }
        return result.verdict().label() + ": "
                + Arrays.stream(GateVerdict.values())
                        .filter(verdict -> result.count(verdict) > 0)
                        .map(verdict -> result.count(verdict) + " " + verdict.label())
                        .collect(Collectors.joining(", "))
                + String.format(
                        Locale.ROOT,
                        " of %d; at most %.3g %% of such gates find a change by chance",
                        result.decisions().size(),
                        HUNDRED * result.alpha());
    }

    private static String verdict(Decision one) {
        return one.verdict().label() + (one.detail().isEmpty() ? "" : ": " + one.detail());
    }

    private static String ratio(Decision one) {
        if (Double.isNaN(one.ratio()) || Double.isInfinite(one.ratio())) {
            return "-";
        }
        return Double.isInfinite(one.interval().high())
                ? String.format(Locale.ROOT, "%.3f", one.ratio())
                : String.format(
                        Locale.ROOT,
                        "%.3f [%.3f, %.3f]",
                        one.ratio(),
                        one.interval().low(),
                        one.interval().high());
    }

    private static String value(double value, String unit) {
        if (Double.isNaN(value)) {
            return "-";
        }
        return switch (unit) {
            case "1/s" -> Rates.format(value);
            case "ns" -> duration(value);
            case "1", "ratio" -> digits(value);
            default -> digits(value) + " " + unit;
        };
    }

    private static String duration(double ns) {
        return ns >= 1e9
                ? digits(ns / 1e9) + " s"
                : ns >= 1e6 ? digits(ns / 1e6) + " ms" : ns >= 1e3 ? digits(ns / 1e3) + " us" : digits(ns) + " ns";
    }

    private static String digits(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e6
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.4g", value);
    }

    private static void differences(GateResult result, String bullet, PrintWriter out) {
        result.refused()
                .forEach(one -> out.println(
                        bullet + one.text() + " (--allow " + one.kind().label() + ")"));
        result.allowed().forEach(one -> out.println(bullet + one.text() + ", allowed"));
    }
}
