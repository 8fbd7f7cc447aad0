package ringside.harness.image;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import ringside.emulator.block.qcow2.tool.CheckResult;
import ringside.emulator.block.qcow2.tool.Qcow2Check;
import ringside.emulator.block.qcow2.tool.Qcow2Check.Repair;
import ringside.harness.HarnessException;

/** Checks an image. */
@Command(
        name = "check",
        description = "Checks the metadata of a qcow2 image that nobody writes, and mends them.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ringside image check -f qcow2 disk.qcow2",
            "  ringside image check -f qcow2 -r leaks disk.qcow2",
            "  ringside image check -f qcow2 --output json disk.qcow2"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:in order, also after a repair", "1:could not be checked", "2:corrupt", "3:leaks only"})
final class CheckCommand implements Callable<Integer> {
    private static final int NOT_CHECKED = 1;
    private static final int CORRUPT = 2;
    private static final int LEAKS = 3;

    @Spec
    private CommandSpec spec;

    @Mixin
    private SourceOptions source;

    @Mixin
    private OutputOption output;

    @Option(names = "-r", paramLabel = "WHAT", description = "Mend: leaks or all.")
    private String repair;

    @Option(names = "-q", description = "Print nothing but errors.")
    private boolean quiet;

    @Parameters(paramLabel = "FILE", description = "The image.")
    private String image;

    @Override
    public Integer call() {
        try {
            return check();
        } catch (HarnessException e) {
            spec.commandLine().getErr().println("ringside: " + e.getMessage());
            return NOT_CHECKED; // 2 would say that the image is corrupt
        }
    }

    private int check() {
        Path path = source.qcow2(image);
        Repair what = repair();
        CheckResult result = Images.with(
                Images.file(path, what == Repair.NONE, source.cache()),
                node -> Qcow2Check.check(node.file(), image, what));
        PrintWriter out = spec.commandLine().getOut();
        if (output.json()) {
            out.println(OutputOption.text(json(result)));
        } else if (!quiet) {
            human(result, out);
        }
        if (result.corruptions() > 0) {
            return CORRUPT;
        }
        return result.leaks() > 0 ? LEAKS : 0;
    }

    private Repair repair() {
        return switch (repair == null ? "" : repair) {
            case "" -> Repair.NONE;
            case "leaks" -> Repair.LEAKS;
            case "all" -> Repair.ALL;
            default -> throw HarnessException.badInput("-r: use leaks or all, not '" + repair + "'");
        };
    }

    private Map<String, Object> json(CheckResult result) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("image-end-offset", result.imageEndOffset());
        fields.put("total-clusters", result.totalClusters());
        fields.put("check-errors", 0);
        present(fields, "leaks", result.leaks());
        present(fields, "corruptions", result.corruptions());
        present(fields, "leaks-fixed", result.leaksFixed());
        present(fields, "corruptions-fixed", result.corruptionsFixed());
        present(fields, "fragmented-clusters", result.fragmentedClusters());
        present(fields, "allocated-clusters", result.allocatedClusters());
        present(fields, "compressed-clusters", result.compressedClusters());
        fields.put("filename", image);
        fields.put("format", "qcow2");
        return fields;
    }

    private static void present(Map<String, Object> fields, String name, long value) {
        if (value != 0) {
            fields.put(name, value);
        }
    }

    private static void human(CheckResult result, PrintWriter out) {
        result.messages().forEach(out::println);
        if (result.leaksFixed() + result.corruptionsFixed() > 0) {
            out.printf(
                    "The following inconsistencies were found and repaired:%n%n    %d leaked clusters%n    %d corruptions%n%n",
                    result.leaksFixed(), result.corruptionsFixed());
        }
        if (result.clean()) {
            out.println("No errors were found on the image.");
        }
        if (result.corruptions() > 0) {
            out.printf(
                    "%d errors were found on the image: data may be corrupt, or become so when it is written.%n",
                    result.corruptions());
        }
        if (result.leaks() > 0) {
            out.printf(
                    "%d leaked clusters were found on the image: space is wasted, data are not harmed.%n",
                    result.leaks());
        }
        long total = Math.max(1, result.totalClusters());
        long allocated = Math.max(1, result.allocatedClusters());
        out.printf(
                "%d/%d = %.2f%% allocated, %.2f%% fragmented, %.2f%% compressed clusters%nImage end offset: %d%n",
                result.allocatedClusters(),
                result.totalClusters(),
                100.0 * result.allocatedClusters() / total,
                100.0 * result.fragmentedClusters() / allocated,
                100.0 * result.compressedClusters() / allocated,
                result.imageEndOffset());
    }
}
