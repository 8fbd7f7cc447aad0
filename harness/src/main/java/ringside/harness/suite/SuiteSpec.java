package ringside.harness.suite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import ringside.harness.HarnessException;
import ringside.harness.results.Compared;

/**
 * A suite with everything it inherits filled in and every value checked.
 *
 * @param name short name, used in folder names
 * @param title one line
 * @param description some sentences
 * @param repeats repetitions of each cell, at least 1
 * @param seed seed of the order and of the load
 * @param settings options that are fixed, by name, only those that are said
 * @param jobFile fio job file, empty when the job is given by settings
 * @param axes values by option name, in the order of the file
 * @param axisRules how axes depend on one another
 * @param exclude cells to leave out: each entry matches where all its options have one of the listed values
 * @param adjust settings for some cells only, applied in order
 * @param servers command lines of servers by name, beside the built-in ones
 * @param compare what the verdict compares
 */
public record SuiteSpec(
        String name,
        String title,
        String description,
        int repeats,
        long seed,
        Map<String, String> settings,
        String jobFile,
        Map<String, List<String>> axes,
        AxisRules axisRules,
        List<Map<String, List<String>>> exclude,
        List<Adjustment> adjust,
        Map<String, String> servers,
        Compared compare) {
    /**
     * Settings for some cells, for example two queues where queues are mapped to IOThreads.
     *
     * @param when matches a cell where all these options have one of the listed values
     * @param set what such a cell gets
     */
    public record Adjustment(Map<String, List<String>> when, Map<String, String> set) {}

    public SuiteSpec {
        settings = new LinkedHashMap<>(settings);
        axes = new LinkedHashMap<>(axes);
        exclude = List.copyOf(exclude);
        adjust = List.copyOf(adjust);
        servers = new LinkedHashMap<>(servers);
    }

    /** With another number of repetitions. */
    public SuiteSpec withRepeats(int count) {
        return new SuiteSpec(
                name,
                title,
                description,
                count,
                seed,
                settings,
                jobFile,
                axes,
                axisRules,
                exclude,
                adjust,
                servers,
                compare);
    }

    /** With another seed. */
    public SuiteSpec withSeed(long value) {
        return new SuiteSpec(
                name,
                title,
                description,
                repeats,
                value,
                settings,
                jobFile,
                axes,
                axisRules,
                exclude,
                adjust,
                servers,
                compare);
    }

    /** With another job file; job options that the suite fixed no longer apply, those that it sweeps still do. */
    public SuiteSpec withJobFile(String file) {
        Map<String, String> kept = new LinkedHashMap<>(settings);
        kept.keySet().removeIf(SuiteOption::isOfJob);
        return new SuiteSpec(
                name,
                title,
                description,
                repeats,
                seed,
                kept,
                file,
                axes,
                axisRules,
                exclude,
                adjust,
                servers,
                compare);
    }

    /** The same with its job file in another place. */
    public SuiteSpec withJobFileAt(String file) {
        return new SuiteSpec(
                name,
                title,
                description,
                repeats,
                seed,
                settings,
                file,
                axes,
                axisRules,
                exclude,
                adjust,
                servers,
                compare);
    }

    /**
     * With an option set: an axis keeps its place and gets these values, anything else becomes a setting, or an axis
     * where there are several values.
     */
    public SuiteSpec with(Option option, List<String> values) {
        return with(option.label(), values);
    }

    /** The same for any option that a suite can set. One of axes that advance together can only be narrowed. */
    public SuiteSpec with(String label, List<String> values) {
        Map<String, String> newSettings = new LinkedHashMap<>(settings);
        Map<String, List<String>> newAxes = new LinkedHashMap<>(axes);
        if (axisRules.group(label).size() > 1) {
            narrow(newAxes, label, values);
        } else if (values.size() > 1 || axes.containsKey(label)) {
            newSettings.remove(label);
            newAxes.put(label, List.copyOf(values));
        } else {
            newSettings.put(label, values.getFirst());
        }
        return new SuiteSpec(
                name,
                title,
                description,
                repeats,
                seed,
                newSettings,
                jobFile,
                newAxes,
                axisRules,
                exclude,
                adjust,
                servers,
                compare);
    }

    private void narrow(Map<String, List<String>> narrowed, String label, List<String> values) {
        List<String> own = axes.get(label);
        List<Integer> kept = IntStream.range(0, own.size())
                .filter(i -> values.contains(own.get(i)))
                .boxed()
                .toList();
        if (!own.containsAll(values)) {
            throw HarnessException.badInput(label + " advances together with "
                    + String.join(" and ", axisRules.group(label)) + ": choose among " + String.join(", ", own));
        }
        for (String axis : axisRules.group(label)) {
            narrowed.put(axis, kept.stream().map(axes.get(axis)::get).toList());
        }
    }

    /**
     * With the socket of a server that runs already as one more peer: a value of the axis {@code peer}.
     *
     * @throws HarnessException if there is no such axis, or it has this value already
     */
    public SuiteSpec withPeer(String peer, String socket) {
        List<String> peers = axes.get(Option.PEER.label());
        if (peers == null) {
            throw HarnessException.badInput("--peer " + peer + ": suite " + name
                    + " has no axis 'peer': use the suite peers, or one with such an axis");
        }
        if (peers.contains(peer)) {
            throw HarnessException.badInput(
                    "--peer " + peer + ": suite " + name + " has a peer '" + peer + "' already: choose another name");
        }
        List<String> morePeers = new ArrayList<>(peers);
        morePeers.add(peer);
        Map<String, List<String>> moreAxes = new LinkedHashMap<>(axes);
        moreAxes.put(Option.PEER.label(), List.copyOf(morePeers));
        List<Adjustment> moreAdjust = new ArrayList<>(adjust);
        moreAdjust.add(new Adjustment(
                Map.of(Option.PEER.label(), List.of(peer)),
                Map.of(Option.TARGET.label(), "vhost-user", Option.SOCKET.label(), socket)));
        return new SuiteSpec(
                name,
                title,
                description,
                repeats,
                seed,
                settings,
                jobFile,
                moreAxes,
                axisRules,
                exclude,
                moreAdjust,
                servers,
                compare);
    }
}
