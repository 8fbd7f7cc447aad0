package ringside.harness.blockdev;

import java.util.Map;
import ringside.emulator.block.BlockNodeSpec;

/** What the reader of a driver's options works with: the options, and the graph that resolves children. */
record NodeContext(NodeGraph graph, NodeOptions options) {
    /** A child that must be there: described in place ({@code key.driver=...}) or by the name of an earlier node. */
    BlockNodeSpec child(String key) {
        return child(key, Map.of());
    }

    /** @param handedDown what a child that is described in place inherits in place of this node's own values */
    BlockNodeSpec child(String key, Map<String, String> handedDown) {
        if (options.hasBelow(key)) {
            return graph.read(options.child(key, handedDown));
        }
        String name = options.required(
                key, "describe the node with " + options.prefix() + key + ".driver=..., or name an earlier one");
        return graph.refer(name)
                .orElseThrow(() -> options.error(
                        "%s=%s: no node of this name comes before: describe it in place with".formatted(key, name)
                                + " %s%s.driver=..., or in an earlier --blockdev with node-name=%s"
                                        .formatted(options.prefix(), key, name)));
    }

    /** The same, where a text that names no node is the path of a file. */
    BlockNodeSpec childOrFile(String key, Map<String, String> handedDown) {
        if (options.hasBelow(key)) {
            return graph.read(options.child(key, handedDown));
        }
        String text = options.required(key, "name the image with " + key + "=IMAGE");
        return graph.refer(text).orElseGet(() -> FileOptions.file(options.child(key, handedDown), text));
    }
}
