package ringside.harness.blockdev;

import java.util.List;
import ringside.emulator.block.BlockNodeSpec;

/**
 * A block node as the option {@code --blockdev} describes it, in QEMU's syntax and with QEMU's defaults: the page cache
 * is used ({@code cache=writeback}), threads do the I/O, discards are ignored.
 *
 * @param nodeName QEMU's node-name; names the export in messages and counters
 * @param spec how to open it
 */
public record Blockdev(String nodeName, BlockNodeSpec spec) {
    private static final String OPTION = "--blockdev: ";
    private static final String DEFAULT_NAME = "export0";

    /**
     * Reads one option.
     *
     * @throws IllegalArgumentException in one line that names key, value and what is allowed
     */
    public static Blockdev parse(String text) {
        return parse(List.of(text));
    }

    /**
     * Reads options that refer to one another by node-name. Each node is described before it is used; the last one is the disk.
     *
     * @throws IllegalArgumentException in one line that names key, value and what is allowed
     */
    public static Blockdev parse(List<String> texts) {
        try {
            NodeGraph graph = new NodeGraph();
            for (String text : texts.subList(0, texts.size() - 1)) {
                graph.define(text);
            }
            return graph.disk(texts.getLast(), DEFAULT_NAME);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(OPTION + e.getMessage(), e);
        }
    }
}
