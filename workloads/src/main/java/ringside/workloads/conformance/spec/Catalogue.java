package ringside.workloads.conformance.spec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All statements in scope, pinned to VIRTIO 1.2 cs01: those of chapters 2, 3, 4.2, 5.2 and 6. The wording is ours; the text
 * of the specification decides.
 */
public final class Catalogue {
    private static final String RESOURCE = "/ringside/workloads/conformance/clauses.tsv";
    private static final Catalogue STANDARD = read();

    private final Map<String, Clause> clauses = new LinkedHashMap<>();

    private Catalogue() {}

    /** The catalogue. */
    public static Catalogue standard() {
        return STANDARD;
    }

    private static Catalogue read() {
        try (InputStream stream = Catalogue.class.getResourceAsStream(RESOURCE)) {
            if (stream == null) {
                throw new IllegalStateException("the build lacks the resource " + RESOURCE);
            }
            Catalogue catalogue = new Catalogue();
            Map<String, Integer> numbers = new HashMap<>();
            List<String> lines = new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            lines.stream().map(line -> line.split("\t")).forEach(fields -> catalogue.add(fields, numbers));
            return catalogue;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(String[] fields, Map<String, Integer> numbers) {
        Clause.Level level = level(fields[0]);
        int number = numbers.merge(level + fields[1], 1, Integer::sum);
        clauses.put(fields[0], new Clause(fields[0], level, fields[1], number, fields[2]));
    }

    private static Clause.Level level(String id) {
        return switch (id.charAt(0)) {
            case 'D' -> Clause.Level.MUST;
            case 'S' -> Clause.Level.SHOULD;
            case 'R' -> Clause.Level.DRIVER;
            default -> Clause.Level.PROTOCOL;
        };
    }

    /** All statements, in the order of the specification. */
    public Collection<Clause> clauses() {
        return clauses.values();
    }

    /** The statement with an id. */
    public Optional<Clause> find(String id) {
        return Optional.ofNullable(clauses.get(id));
    }

    /**
     * The statement with an id that must be there.
     *
     * @throws IllegalArgumentException when there is none
     */
    public Clause clause(String id) {
        return find(id).orElseThrow(() -> new IllegalArgumentException(
                "no clause " + id + ": use D01 to D56, S01 to S13, R001 to R101 or V01 to V12"));
    }
}
