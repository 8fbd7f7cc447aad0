package ringside.harness.blockdev;

import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.NbdSpec;

/** The options of an NBD client. */
final class NbdDriver {
    private NbdDriver() {}

    static BlockNodeSpec read(NodeContext node) {
        NodeOptions options = node.options();
        String server = server(options);
        return new NbdSpec(server, options.text("export").orElse(""), options.inheritedOn("read-only", false), (int)
                options.number("reconnect-delay", 0, Integer.MAX_VALUE));
    }

    private static String server(NodeOptions options) {
        if (!options.hasBelow("server")) {
            return options.required("server", "use server.type=unix,server.path=SOCKET or server=HOST:PORT");
        }
        String type = options.required("server.type", "use server.type=unix or server.type=inet");
        return switch (type) {
            case "unix" -> "unix:" + options.required("server.path", "name the socket with server.path=SOCKET");
            case "inet" ->
                options.required("server.host", "name the server with server.host=HOST") + ":"
                        + options.required("server.port", "give the port with server.port=10809");
            default -> throw options.error("server.type: unknown type '" + type + "': use unix or inet");
        };
    }
}
