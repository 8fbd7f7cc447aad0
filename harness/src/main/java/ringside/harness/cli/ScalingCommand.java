package ringside.harness.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import ringside.harness.results.ResultStore;
import ringside.harness.stats.Scaling;

/** Fits the Universal Scalability Law along an axis of a results folder. */
@Command(
        name = "scaling",
        description = {
            "Fits the Universal Scalability Law along one axis of a results folder (vcpus, disks, iothreads, iodepth ...),",
            "for each point of the other axes: contention and coherency with intervals, the knee, the peak, and how far the",
            "levels lie off the curve. Levels beyond what the data support are not predicted; the reason is named."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ringside scaling results --axis vcpus",
            "  ringside scaling results --axis disks --predict 16 --predict 32",
            "  ringside scaling results --format json | jq '.curves[] | {at, alpha: .fit.alpha}'"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "2:the command line or the folder is wrong"})
final class ScalingCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "DIR", description = "The results folder.")
    private Path folder;

    @Option(
            names = "--axis",
            paramLabel = "NAME",
            description = "Numeric axis of the suite (default: the only one with at least four values).")
    private Optional<String> axis = Optional.empty();

    @Option(
            names = "--metric",
            paramLabel = "NAME",
            defaultValue = "iops",
            description = "Metric of the results that is a throughput (default: iops).")
    private String metric;

    @Option(
            names = "--predict",
            paramLabel = "N",
            description = "Also predict this level, where the data allow; may be repeated.")
    private List<Double> predict = new ArrayList<>();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json (default: text).")
    private ScalingTable format;

    @Override
    public Integer call() {
        format.print(
                Scaling.of(ResultStore.load(folder), axis, metric),
                predict,
                spec.commandLine().getOut());
        return ExitCode.OK.code();
    }
}
