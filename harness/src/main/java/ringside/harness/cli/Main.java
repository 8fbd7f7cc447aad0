package ringside.harness.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import ringside.harness.image.ImageCommand;
import ringside.harness.observe.BuildFacts;

/** The command {@code ringside}. */
@Command(
        name = "ringside",
        description = "Measures virtualised disk I/O: big lock against data plane, on your image and your job file.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = {
            RunCommand.class,
            AbCommand.class,
            BisectCommand.class,
            MergeCommand.class,
            ReportCommand.class,
            ExportCommand.class,
            CompareCommand.class,
            GateCommand.class,
            MicroCommand.class,
            TrendCommand.class,
            ScalingCommand.class,
            PlanCommand.class,
            SuitesCommand.class,
            ServeCommand.class,
            SoakCommand.class,
            ConformanceCommand.class,
            ImageCommand.class,
            DoctorCommand.class,
            AutoComplete.GenerateCompletion.class,
            CommandLine.HelpCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ringside doctor                        what this host allows",
            "  ringside run quick                     compare in under a minute",
            "  ringside run quick --image disk.raw    on your own image, opened read-only",
            "  ringside suites quick --yaml > my.yaml copy a suite and change it"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:done, but some runs failed or are invalid",
            "2:the command line, a suite, a job or a folder is wrong",
            "3:the host does not allow it",
            "4:conformance: a device deviates from a recommendation",
            "5:ab, compare, gate, trend: a cell regressed",
            "6:bisect, gate: undecided, too few runs or cells without results",
            "7:gate: the results cannot be compared with the baseline",
            "70:an error of Ringside itself",
            "130:stopped by Ctrl-C; finished runs are kept"
        })
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    /** Prints the version of the build. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"ringside " + BuildFacts.ownVersion(), "Java " + Runtime.version()};
        }
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "a command is missing: "
                        + spec.subcommands().keySet().stream()
                                .filter(name -> !name.equals("generate-completion") && !name.equals("help"))
                                .collect(Collectors.joining(", ")));
    }

    /** Entry point. */
    public static void main(String[] arguments) {
        System.exit(commandLine(
                        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                        new PrintWriter(System.err, true, StandardCharsets.UTF_8))
                .execute(arguments));
    }

    /** The command with its error handling, for {@link #main} and for tests. */
    static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        CommandLine commandLine = new CommandLine(new Main());
        commandLine.setOut(out);
        commandLine.setErr(err);
        Errors errors = new Errors();
        commandLine.setExecutionExceptionHandler(errors);
        commandLine.setParameterExceptionHandler(errors);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        return commandLine;
    }
}
