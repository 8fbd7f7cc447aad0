package ringside.workloads.job;

import java.util.ArrayList;
import java.util.List;

/** Reads the value of random_distribution. */
final class DistributionParser {
    private static final String OPTION = "random_distribution";
    private static final int MAX_ZONES = 256;

    private DistributionParser() {}

    static RandomDistribution parse(String value) {
        int colon = value.indexOf(':');
        String kind = colon < 0 ? value : value.substring(0, colon);
        String rest = colon < 0 ? "" : value.substring(colon + 1);
        return switch (kind) {
            case "random" -> new RandomDistribution.Uniform();
            case "zipf" -> new RandomDistribution.Zipf(number(value, rest, 0, 1.1), center(value, rest));
            case "pareto" -> new RandomDistribution.Pareto(number(value, rest, 0, 0.2), center(value, rest));
            case "normal" -> new RandomDistribution.Normal(number(value, rest, 0, 0), center(value, rest));
            case "zoned" -> zoned(rest, false);
            case "zoned_abs" -> zoned(rest, true);
            default ->
                throw new IllegalArgumentException(OPTION + "=" + value
                        + " is not supported: use random, zipf:THETA, pareto:POWER, normal:DEVIATION,"
                        + " zoned:ACCESS/SIZE:... or zoned_abs:ACCESS/BYTES:...");
        };
    }

    private static double center(String value, String rest) {
        return number(value, rest, 1, RandomDistribution.NO_CENTER);
    }

    private static double number(String value, String rest, int index, double fallback) {
        String[] parts = rest.isEmpty() ? new String[0] : rest.split(":", -1);
        if (parts.length > 2) {
            throw new IllegalArgumentException(OPTION + "=" + value + " has too many numbers: use NAME:VALUE:CENTRE");
        }
        if (index >= parts.length) {
            return fallback;
        }
        try {
            return Double.parseDouble(parts[index]);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(OPTION + "=" + value + ": " + parts[index] + " is not a number", e);
        }
    }

    private static RandomDistribution zoned(String text, boolean absolute) {
        return PerDirection.parse(OPTION, text, part -> zones(part, absolute)).map(RandomDistribution.Zoned::new);
    }

    private static List<RandomDistribution.Zone> zones(String text, boolean absolute) {
        List<int[]> access = new ArrayList<>();
        List<Long> sizes = new ArrayList<>();
        for (String part : text.split(":")) {
            String[] pair = part.split("/", -1);
            if (pair.length != 2 || pair[0].isBlank() || (pair[1].isBlank() && absolute)) {
                throw new IllegalArgumentException(OPTION + ": '" + part + "' is no zone: write ACCESS_PERCENT/"
                        + (absolute ? "BYTES" : "SIZE_PERCENT"));
            }
            access.add(new int[] {OptionGroup.percent(OPTION, pair[0])});
            sizes.add(absolute ? FioUnits.bytes(OPTION, pair[1]) : percentOrRest(pair[1]));
        }
        int sum = access.stream().mapToInt(one -> one[0]).sum();
        if (sum != 100) {
            throw new IllegalArgumentException(
                    OPTION + ": the access shares of the zones add to " + sum + " %: they must add to 100");
        }
        if (sizes.size() > MAX_ZONES) {
            throw new IllegalArgumentException(OPTION + " has more than " + MAX_ZONES + " zones");
        }
        return absolute ? ofBytes(access, sizes) : ofPercent(access, sizes);
    }

    private static long percentOrRest(String text) {
        return text.isBlank() ? -1 : OptionGroup.percent(OPTION, text);
    }

    private static List<RandomDistribution.Zone> ofBytes(List<int[]> access, List<Long> sizes) {
        List<RandomDistribution.Zone> zones = new ArrayList<>();
        for (int i = 0; i < sizes.size(); i++) {
            zones.add(new RandomDistribution.Zone(access.get(i)[0], Extent.bytes(sizes.get(i))));
        }
        return zones;
    }

    /** As in fio, what the sizes leave of 100 % is shared by those without a size. */
    private static List<RandomDistribution.Zone> ofPercent(List<int[]> access, List<Long> sizes) {
        long given =
                sizes.stream().filter(size -> size >= 0).mapToLong(size -> size).sum();
        long missing = sizes.stream().filter(size -> size < 0).count();
        if (given > 100) {
            throw new IllegalArgumentException(
                    OPTION + ": the sizes of the zones add to " + given + " %: more than 100");
        }
        List<RandomDistribution.Zone> zones = new ArrayList<>();
        for (int i = 0; i < sizes.size(); i++) {
            long size = sizes.get(i) < 0 ? (100 - given) / missing : sizes.get(i);
            zones.add(new RandomDistribution.Zone(access.get(i)[0], Extent.percent((int) size)));
        }
        return zones;
    }
}
