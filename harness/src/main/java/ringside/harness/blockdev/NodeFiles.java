package ringside.harness.blockdev;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import ringside.emulator.block.BlkdebugSpec;
import ringside.emulator.block.BlkverifySpec;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.CopyOnReadSpec;
import ringside.emulator.block.DelaySpec;
import ringside.emulator.block.FileSpec;
import ringside.emulator.block.LogWritesSpec;
import ringside.emulator.block.NbdSpec;
import ringside.emulator.block.Qcow2Backing;
import ringside.emulator.block.Qcow2Spec;
import ringside.emulator.block.QuorumSpec;
import ringside.emulator.block.ThrottleSpec;

/** What can be said of a graph of nodes without opening it. */
public final class NodeFiles {
    private NodeFiles() {}

    /** The host files that are written when the disk is. Files that only an image names are not among them. */
    public static List<Path> written(BlockNodeSpec spec) {
        return all(spec)
                .flatMap(node -> node instanceof BlockNodeSpec.Raw raw && !raw.readOnly()
                        ? Stream.of(raw.file())
                        : Stream.empty())
                .toList();
    }

    /** Whether the disk keeps what is written to it. */
    public static boolean keepsData(BlockNodeSpec spec) {
        return all(spec).noneMatch(BlockNodeSpec.Null.class::isInstance);
    }

    /** Whether a write that was not flushed can be lost with the process: a format keeps metadata in memory until then. */
    public static boolean holdsMetadata(BlockNodeSpec spec) {
        return all(spec).anyMatch(Qcow2Spec.class::isInstance);
    }

    private static Stream<BlockNodeSpec> all(BlockNodeSpec spec) {
        return Stream.concat(Stream.of(spec), children(spec).stream().flatMap(NodeFiles::all));
    }

    private static List<BlockNodeSpec> children(BlockNodeSpec spec) {
        return switch (spec) {
            case BlockNodeSpec.Null _, BlockNodeSpec.Raw _, NbdSpec _ -> List.of();
            case BlockNodeSpec.Zoned s -> List.of(s.base());
            case FileSpec s -> List.of(s.raw());
            case BlkdebugSpec s -> List.of(s.file());
            case BlkverifySpec s -> List.of(s.file(), s.raw());
            case CopyOnReadSpec s -> List.of(s.file());
            case DelaySpec s -> List.of(s.file());
            case LogWritesSpec s -> List.of(s.file(), s.log());
            case QuorumSpec s -> s.children();
            case ThrottleSpec s -> List.of(s.file());
            case Qcow2Spec s -> childrenOf(s);
        };
    }

    private static List<BlockNodeSpec> childrenOf(Qcow2Spec spec) {
        List<BlockNodeSpec> children = new ArrayList<>();
        children.add(spec.file());
        spec.dataFile().ifPresent(children::add);
        if (spec.backing() instanceof Qcow2Backing.Node node) {
            children.add(node.spec());
        }
        return children;
    }
}
