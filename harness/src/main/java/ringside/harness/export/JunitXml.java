package ringside.harness.export;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import ringside.harness.results.Metric;
import ringside.harness.results.RunFolder;
import ringside.harness.results.RunResult;
import ringside.harness.results.RunStatus;

/** A folder as a JUnit test suite: a test case per run, an error where it failed, a failure where it is not valid. */
final class JunitXml {
    private static final double NS_PER_S = 1e9;

    private JunitXml() {}

    static void write(RunFolder folder, List<RunResult> runs, PrintWriter out) {
        try {
            XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(out);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", text("ringside " + folder.suite()));
            xml.writeAttribute("tests", Integer.toString(runs.size()));
            xml.writeAttribute("errors", count(runs, RunStatus.FAILED));
            xml.writeAttribute(
                    "failures",
                    Long.toString(runs.stream()
                            .filter(run -> run.status() != RunStatus.OK && run.status() != RunStatus.FAILED)
                            .count()));
            xml.writeAttribute(
                    "time", seconds(runs.stream().mapToDouble(JunitXml::runtime).sum()));
            for (RunResult run : runs) {
                testCase(xml, folder, run);
            }
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.flush();
            out.println();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("cannot write XML: " + e.getMessage(), e);
        }
    }

    private static void testCase(XMLStreamWriter xml, RunFolder folder, RunResult run) throws XMLStreamException {
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", text("ringside." + folder.suite()));
        xml.writeAttribute("name", text(run.cell() + " r" + run.repetition()));
        xml.writeAttribute("time", seconds(runtime(run)));
        if (run.status() != RunStatus.OK) {
            xml.writeEmptyElement(run.status() == RunStatus.FAILED ? "error" : "failure");
            xml.writeAttribute("type", run.status().label());
            xml.writeAttribute("message", text(run.reason()));
        }
        Metric iops = run.metrics().get("iops");
        if (iops != null) {
            xml.writeStartElement("system-out");
            xml.writeCharacters(text(String.format(Locale.ROOT, "iops %.1f%n%s%n", iops.value(), run.command())));
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    /** XML 1.0 has no way to write most control characters. */
    private static String text(String any) {
        return any.replaceAll("[^\\t\\n\\r\\x{20}-\\x{D7FF}\\x{E000}-\\x{FFFD}\\x{10000}-\\x{10FFFF}]", "?");
    }

    private static double runtime(RunResult run) {
        Metric runtime = run.metrics().get("runtime");
        return runtime == null ? 0 : runtime.value();
    }

    private static String seconds(double ns) {
        return String.format(Locale.ROOT, "%.3f", ns / NS_PER_S);
    }

    private static String count(List<RunResult> runs, RunStatus status) {
        return Long.toString(runs.stream().filter(run -> run.status() == status).count());
    }
}
