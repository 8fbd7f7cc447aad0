package ringside.harness.cli;

import java.io.Console;
import java.io.PrintWriter;

/** What standard output is. */
final class Terminal {
    private Terminal() {}

    static ConsoleProgress progress(PrintWriter out, PrintWriter err) {
        String noColor = System.getenv("NO_COLOR");
        boolean colours = noColor == null || noColor.isEmpty(); // see no-color.org
        return new ConsoleProgress(out, err, isTerminal(), colours);
    }

    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal() && !"dumb".equals(System.getenv("TERM"));
    }
}
