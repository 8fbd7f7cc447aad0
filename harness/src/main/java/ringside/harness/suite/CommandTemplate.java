package ringside.harness.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The command line of a vhost-user server with placeholders such as {@code {socket}}. Words are separated by blanks,
 * quotes keep blanks; values are put in after the words are made, so that a path with blanks stays one word. In a word
 * of the form {@code key=value,key=value} a comma of a value is doubled, as QEMU reads it. No shell reads it.
 */
public final class CommandTemplate {
    /** Several words of its own: {@code ringside serve} of this build in a JVM with the documented flags. */
    public static final String RINGSIDE_SERVE = "ringside-serve";

    /** Names that a template may use beside {@link #RINGSIDE_SERVE}. */
    public static final Set<String> PLACEHOLDERS = Set.of(
            "socket",
            "stats",
            "image",
            "blockdev",
            "size",
            "queues",
            "queue-size",
            "in-order",
            "iothreads",
            "poll-max-ns",
            "poll-grow",
            "poll-shrink",
            "cache",
            "aio",
            "aio-fallback",
            "direct",
            "no-flush",
            "discard",
            "read-only",
            "writable",
            "latency-ns",
            "read-zeroes",
            "trace");

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z][a-z-]*)}");
    private static final Pattern WORD = Pattern.compile("(?:[^\\s\"']|\"[^\"]*\"|'[^']*')+");

    private final String text;
    private final List<String> words;

    private CommandTemplate(String text, List<String> words) {
        this.text = text;
        this.words = words;
    }

    /**
     * Reads a template.
     *
     * @throws IllegalArgumentException naming what is wrong
     */
    public static CommandTemplate parse(String text) {
        List<String> words = split(text);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("the command is empty: name a program and its options");
        }
        for (String word : words) {
            checkPlaceholders(word);
        }
        CommandTemplate template = new CommandTemplate(text, List.copyOf(words));
        if (!template.uses("socket")) {
            throw new IllegalArgumentException("the command has no {socket}: the server must be told where to listen");
        }
        return template;
    }

    private static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(text);
        int end = 0;
        while (matcher.find()) {
            checkBlank(text.substring(end, matcher.start()));
            words.add(matcher.group().replaceAll("\"([^\"]*)\"|'([^']*)'", "$1$2"));
            end = matcher.end();
        }
        checkBlank(text.substring(end));
        return words;
    }

    private static void checkBlank(String between) {
        if (!between.isBlank()) {
            throw new IllegalArgumentException("a quote is not closed: " + between.strip());
        }
    }

    private static void checkPlaceholders(String word) {
        Matcher matcher = PLACEHOLDER.matcher(word);
        while (matcher.find()) {
            String name = matcher.group(1);
            boolean whole = name.equals(RINGSIDE_SERVE) && matcher.group().equals(word);
            if (!whole && !PLACEHOLDERS.contains(name)) {
                throw new IllegalArgumentException("unknown placeholder {" + name + "}: use "
                        + String.join(", ", new TreeSet<>(PLACEHOLDERS)) + ", or " + RINGSIDE_SERVE
                        + " as a word of its own");
            }
        }
    }

    /** The template as it was written. */
    public String text() {
        return text;
    }

    /** Whether a placeholder occurs. */
    public boolean uses(String placeholder) {
        return words.stream().anyMatch(word -> word.contains("{" + placeholder + "}"));
    }

    /** The program as it is written; {@code {ringside-serve}} for our own. */
    public String program() {
        return words.getFirst();
    }

    /**
     * The command.
     *
     * @param values by placeholder; one that is missing is an error of the caller
     * @param ringsideServe the words of {@code {ringside-serve}}
     */
    public List<String> expand(Map<String, String> values, List<String> ringsideServe) {
        List<String> command = new ArrayList<>();
        for (String word : words) {
            if (word.equals("{" + RINGSIDE_SERVE + "}")) {
                command.addAll(ringsideServe);
            } else {
                boolean list = word.contains("=") && word.contains(",");
                command.add(PLACEHOLDER.matcher(word).replaceAll(match -> {
                    String value = value(values, match.group(1));
                    return Matcher.quoteReplacement(list ? value.replace(",", ",,") : value);
                }));
            }
        }
        return List.copyOf(command);
    }

    private static String value(Map<String, String> values, String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalStateException("no value for placeholder " + name);
        }
        return value;
    }
}
