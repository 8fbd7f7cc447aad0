package ringside.harness.blockdev;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ringside.emulator.block.BlkdebugSpec;
import ringside.emulator.block.BlkdebugSpec.Injection;
import ringside.emulator.block.BlkdebugSpec.Transition;
import ringside.emulator.block.BlockEvent;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.ffi.Errno;
import ringside.harness.suite.Units;

/** The options of a blkdebug node: rules in place, or in a file of QEMU's form, or both. */
final class BlkdebugDriver {
    private static final long MAX_ERRNO = 4095;
    private static final String INJECT = "inject-error";
    private static final String SET_STATE = "set-state";

    private BlkdebugDriver() {}

    static BlockNodeSpec read(NodeContext node) {
        NodeOptions options = node.options();
        BlockNodeSpec image = node.child("image");
        int align = options.value("align", "0", ZoneOptions::smallSize);
        List<Injection> injections = new ArrayList<>();
        List<Transition> transitions = new ArrayList<>();
        Optional<String> config = options.text("config").filter(path -> !path.isEmpty());
        if (config.isPresent()) {
            BlkdebugConfig.read(Path.of(config.get()), injections, transitions);
        }
        rules(options, injections, transitions);
        try {
            return new BlkdebugSpec(image, injections, transitions, align);
        } catch (IllegalArgumentException e) {
            throw options.error(e.getMessage());
        }
    }

    /** Adds the rules that stand in the options, numbered from 0. */
    static void rules(NodeOptions options, List<Injection> injections, List<Transition> transitions) {
        int i = 0;
        for (Optional<Injection> rule = injection(options, i); rule.isPresent(); rule = injection(options, i)) {
            injections.add(rule.get());
            i++;
        }
        int k = 0;
        for (Optional<Transition> rule = transition(options, k); rule.isPresent(); rule = transition(options, k)) {
            transitions.add(rule.get());
            k++;
        }
    }

    private static Optional<Injection> injection(NodeOptions options, int index) {
        String at = INJECT + "." + index + ".";
        Optional<String> event = event(options, at);
        int state = (int) options.number(at + "state", 0, Integer.MAX_VALUE);
        List<String> ioTypes = options.text(at + "iotype").map(List::of).orElse(List.of());
        int errno = options.value(at + "errno", Integer.toString(Errno.EIO), BlkdebugDriver::errno);
        long sector = options.text(at + "sector").isPresent()
                        && !options.text(at + "sector").get().equals("-1")
                ? options.number(at + "sector", 0, Long.MAX_VALUE >> 9)
                : -1;
        boolean once = options.on(at + "once", false);
        boolean immediately = options.on(at + "immediately", false);
        long latencyNs = options.value(at + "latency", "0", Units::nanoseconds);
        return event.map(name -> new Injection(name, state, ioTypes, errno, sector, once, latencyNs, immediately));
    }

    private static Optional<Transition> transition(NodeOptions options, int index) {
        String at = SET_STATE + "." + index + ".";
        Optional<String> event = event(options, at);
        int state = (int) options.number(at + "state", 0, Integer.MAX_VALUE);
        int newState = (int) options.number(at + "new_state", 1, Integer.MAX_VALUE);
        return event.map(name -> new Transition(name, state, newState));
    }

    private static Optional<String> event(NodeOptions options, String at) {
        if (!options.hasBelow(at.substring(0, at.length() - 1))) {
            options.text(at + "event");
            return Optional.empty();
        }
        options.required(at + "event", "name the event that arms the rule, such as " + at + "event=l2_update");
        return Optional.of(options.value(at + "event", "", BlockEvent::of).label());
    }

    /** A number, or one of the names of errno(3); 0 is a rule that only delays. */
    private static int errno(String text) {
        for (int errno = 1; errno <= Errno.ECANCELED; errno++) {
            if (Errno.describe(errno).startsWith(text + " ")) {
                return errno;
            }
        }
        if (!text.matches("\\d{1,4}") || Integer.parseInt(text) > MAX_ERRNO) {
            throw new IllegalArgumentException("'" + text + "' is neither a number nor a name such as EIO or ENOSPC");
        }
        return Integer.parseInt(text);
    }
}
