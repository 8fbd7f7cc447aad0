package ringside.harness.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import ringside.harness.HarnessException;

/** Turns every error into one line; the stack trace is shown only with RINGSIDE_DEBUG=1. */
final class Errors implements CommandLine.IExecutionExceptionHandler, CommandLine.IParameterExceptionHandler {
    private final boolean debug = "1".equals(System.getenv("RINGSIDE_DEBUG"));

    @Override
    public int handleExecutionException(Exception e, CommandLine commandLine, CommandLine.ParseResult parseResult) {
        PrintWriter err = commandLine.getErr();
        if (debug) {
            e.printStackTrace(err);
        }
        if (e instanceof HarnessException harness) {
            err.println("ringside: " + harness.getMessage());
            return switch (harness.kind()) {
                case BAD_INPUT -> ExitCode.USAGE.code();
                case ENVIRONMENT -> ExitCode.ENVIRONMENT.code();
            };
        }
        err.println("ringside: internal error: " + e.getClass().getSimpleName() + ": "
                + HarnessException.oneLine(e.getMessage())
                + ": run again with RINGSIDE_DEBUG=1 and report the stack trace");
        return ExitCode.INTERNAL.code();
    }

    @Override
    public int handleParseException(CommandLine.ParameterException e, String[] arguments) {
        PrintWriter err = e.getCommandLine().getErr();
        if (debug) {
            e.printStackTrace(err);
        }
        err.println("ringside: " + HarnessException.oneLine(e.getMessage()) + " (see: "
                + e.getCommandLine().getCommandSpec().qualifiedName() + " --help)");
        return ExitCode.USAGE.code();
    }
}
