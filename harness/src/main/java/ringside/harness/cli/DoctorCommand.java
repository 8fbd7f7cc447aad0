package ringside.harness.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import ringside.emulator.ffi.HostFinding;

/** Says what this host allows. */
@Command(
        name = "doctor",
        description = "Looks at what this host allows and says what to do about the rest.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  ringside doctor", "  ringside doctor --image /dev/nvme0n1"})
final class DoctorCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--image", paramLabel = "FILE", description = "Look at the file system of this image.")
    private Path image;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        List<HostFinding> findings = Diagnosis.of(image == null ? Path.of("") : image, image != null);
        boolean allWell = true;
        for (HostFinding finding : findings) {
            allWell &= finding.ok();
            out.printf("%-4s %-12s %s%n", finding.ok() ? "ok" : "NOTE", finding.name(), finding.detail());
            if (!finding.remedy().isEmpty()) {
                out.printf("%-17s %s%n", "", "-> " + finding.remedy());
            }
        }
        out.println(allWell ? "This host is ready." : "Ringside runs here; the notes say what limits it.");
        return ExitCode.OK.code();
    }
}
