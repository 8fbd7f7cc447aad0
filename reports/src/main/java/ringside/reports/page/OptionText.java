package ringside.reports.page;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import ringside.reports.model.Numbers;
import ringside.reports.model.ReportModel;

/** Options as people write them: results hold durations in nanoseconds and sizes in bytes. */
final class OptionText {
    private static final Pattern NANOSECONDS = Pattern.compile("(\\d{1,18})ns");
    private static final List<String> BYTES = List.of("bs", "memory", "disk-size", "size", "image-size");
    private static final List<String> PREFIXES = List.of("", "k", "M", "G", "T");
    private static final int MOST = 6;

    private OptionText() {}

    /** The values of an option, those of an axis in its order; empty text where no run has it. */
    static String of(ReportModel model, String option) {
        List<String> values = model.valuesOf(option);
        String text =
                values.stream().limit(MOST).map(value -> of(option, value)).collect(Collectors.joining(", "));
        return values.size() > MOST ? text + " and " + (values.size() - MOST) + " more" : text;
    }

    static String of(String option, String value) {
        Matcher duration = NANOSECONDS.matcher(value);
        if (duration.matches()) {
            return Numbers.duration(Long.parseLong(duration.group(1)));
        }
        return BYTES.contains(option) && value.matches("\\d{4,18}") ? size(Long.parseLong(value)) : value;
    }

    /** Never rounded: 1536 bytes stay 1536. */
    private static String size(long bytes) {
        long left = bytes;
        int prefix = 0;
        while (left > 0 && left % 1024 == 0 && prefix < PREFIXES.size() - 1) {
            left /= 1024;
            prefix++;
        }
        return left + PREFIXES.get(prefix);
    }
}
