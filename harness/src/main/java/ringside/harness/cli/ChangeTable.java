package ringside.harness.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Locale;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import ringside.harness.results.ResultJson;
import ringside.harness.stats.CellChange;
import ringside.harness.stats.Change;
import ringside.harness.stats.FolderComparison;

/** A comparison of two folders in the forms that people and CI systems read. */
enum ChangeTable {
    TEXT {
        @Override
        void print(FolderComparison comparison, PrintWriter out) {
            int width = comparison.cells().stream()
                    .mapToInt(cell -> cell.cell().length())
                    .max()
                    .orElse(4);
            out.printf("%-" + width + "s %11s %11s  %-22s %s%n", "cell", "A", "B", "B / A", comparison.metric());
            for (CellChange cell : comparison.cells()) {
                out.printf(
                        "%-" + width + "s %11s %11s  %-22s %s%n",
                        cell.cell(),
                        value(cell.medianA(), comparison.unit()),
                        value(cell.medianB(), comparison.unit()),
                        ratio(cell),
                        verdict(comparison, cell));
            }
            out.println();
            out.println(summary(comparison));
            differences(comparison.differences(), "", out);
        }
    },
    MARKDOWN {
        @Override
        void print(FolderComparison comparison, PrintWriter out) {
            out.println("**" + summary(comparison) + "**");
            out.println();
            out.println("| cell | A | B | B / A | " + comparison.metric() + " |");
            out.println("| --- | ---: | ---: | --- | --- |");
            for (CellChange cell : comparison.cells()) {
                out.println("| " + cell.cell().replace("|", "\\|") + " | " + value(cell.medianA(), comparison.unit())
                        + " | " + value(cell.medianB(), comparison.unit()) + " | " + ratio(cell) + " | "
                        + verdict(comparison, cell) + " |");
            }
            out.println();
            differences(comparison.differences(), "- ", out);
        }
    },
    JSON {
        @Override
        void print(FolderComparison comparison, PrintWriter out) {
            out.print(ResultJson.write(comparison));
            out.flush();
        }
    },
    JUNIT {
        @Override
        void print(FolderComparison comparison, PrintWriter out) {
            StringWriter text = new StringWriter();
            try {
                XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
                xml.writeStartDocument();
                xml.writeStartElement("testsuite");
                xml.writeAttribute("name", "ringside compare " + comparison.metric());
                xml.writeAttribute("tests", Integer.toString(comparison.cells().size()));
                xml.writeAttribute("failures", Long.toString(comparison.count(Change.REGRESSED)));
                xml.writeAttribute("skipped", Long.toString(undecided(comparison)));
                for (CellChange cell : comparison.cells()) {
                    testCase(xml, comparison, cell);
                }
                xml.writeEndElement();
                xml.writeEndDocument();
            } catch (XMLStreamException e) {
                throw new IllegalStateException("cannot write XML: " + e.getMessage(), e);
            }
            out.println(text);
        }
    };

    private static final double HUNDRED = 100;

    abstract void print(FolderComparison comparison, PrintWriter out);

    private static void testCase(XMLStreamWriter xml, FolderComparison comparison, CellChange cell)
            throws XMLStreamException {
        xml.writeStartElement("testcase");
        xml.writeAttribute("name", cell.cell());
        String message = verdict(comparison, cell) + ", " + ratio(cell);
        if (cell.change() == Change.REGRESSED) {
            xml.writeEmptyElement("failure");
            xml.writeAttribute("message", message);
        } else if (!cell.change().decided()) {
            xml.writeEmptyElement("skipped");
            xml.writeAttribute("message", message);
        }
        xml.writeEndElement();
    }

    private static long undecided(FolderComparison comparison) {
        return comparison.cells().stream()
                .filter(cell -> !cell.change().decided())
                .count();
    }

    private static String summary(FolderComparison comparison) {
        return String.format(
                Locale.ROOT,
                "%d regressed, %d improved, %d same, %d undecided of %d cells in %s; effects of %.3g %% or more, at most"
                        + " %.3g %% false alarms over all cells",
                comparison.count(Change.REGRESSED),
                comparison.count(Change.IMPROVED),
                comparison.count(Change.SAME),
                undecided(comparison),
                comparison.cells().size(),
                comparison.metric(),
                HUNDRED * comparison.minEffect(),
                HUNDRED * comparison.alpha());
    }

    private static String verdict(FolderComparison comparison, CellChange cell) {
        String verdict = cell.change() == Change.UNDERPOWERED
                ? cell.change().label() + ": needs " + cell.runsNeeded()
                        + (comparison.paired() ? " pairs" : " runs a side")
                : cell.change().label();
        String unsteady = comparison.unsteady().get(cell.cell());
        return unsteady == null ? verdict : verdict + " (not steady, " + unsteady + ")";
    }

    private static String ratio(CellChange cell) {
        if (Double.isNaN(cell.ratio())) {
            return "-";
        }
        return Double.isInfinite(cell.interval().high())
                ? String.format(Locale.ROOT, "%.3f", cell.ratio())
                : String.format(
                        Locale.ROOT,
                        "%.3f [%.3f, %.3f]",
                        cell.ratio(),
                        cell.interval().low(),
                        cell.interval().high());
    }

    private static String value(double value, String unit) {
        if (Double.isNaN(value)) {
            return "-";
        }
        return "1/s".equals(unit) ? Rates.format(value) : String.format(Locale.ROOT, "%.4g %s", value, unit);
    }

    private static void differences(Map<String, String> differences, String bullet, PrintWriter out) {
        if (!differences.isEmpty()) {
            out.println("Besides what was measured, A and B differ in:");
            if (!bullet.isEmpty()) {
                out.println();
            }
            differences.forEach((name, both) -> out.println((bullet.isEmpty() ? "  " : bullet) + name + ": " + both));
        }
    }
}
