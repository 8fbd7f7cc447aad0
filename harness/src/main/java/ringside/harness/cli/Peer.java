package ringside.harness.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import ringside.harness.HarnessException;
import ringside.harness.suite.SuiteSpec;

/** {@code --peer name=socket}. */
final class Peer {
    private Peer() {}

    static SuiteSpec apply(SuiteSpec suite, String text) {
        int equals = text.indexOf('=');
        String name = equals < 0 ? "" : text.substring(0, equals);
        if (!name.matches("[A-Za-z][A-Za-z0-9._-]*") || equals == text.length() - 1) {
            throw HarnessException.badInput(
                    "--peer " + text + ": write --peer NAME=SOCKET, the name of letters, digits, '.', '_' and '-'");
        }
        Path socket = Path.of(text.substring(equals + 1)).toAbsolutePath();
        if (!Files.exists(socket)) {
            throw HarnessException.badInput("--peer " + text + ": " + socket
                    + " does not exist: start the server first, it must listen before the suite begins");
        }
        return suite.withPeer(name, socket.toString());
    }
}
