package ringside.emulator.block;

import java.util.Optional;

/** Finds the file at the bottom of a chain of nodes that each have one child. */
public final class Bottom {
    private Bottom() {}

    /** The file, if there is one. */
    public static Optional<BlockNodeSpec.Raw> of(BlockNodeSpec spec) {
        return switch (spec) {
            case BlockNodeSpec.Raw raw -> Optional.of(raw);
            case FileSpec s -> Optional.of(s.raw());
            case BlockNodeSpec.Zoned s -> of(s.base());
            case BlkdebugSpec s -> of(s.file());
            case BlkverifySpec s -> of(s.file());
            case CopyOnReadSpec s -> of(s.file());
            case DelaySpec s -> of(s.file());
            case LogWritesSpec s -> of(s.file());
            case ThrottleSpec s -> of(s.file());
            case Qcow2Spec s -> of(s.file());
            case BlockNodeSpec.Null _, NbdSpec _, QuorumSpec _ -> Optional.empty();
        };
    }
}
