package ringside.workloads.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fills in what a value of a job file stands for: {@code ${NAME}} from the environment, and fio's keywords
 * {@code $pagesize}, {@code $mb_memory} and {@code $ncpus}. As in fio, a value with a keyword may be a sum.
 */
final class IniValue {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*)}");
    private static final Map<String, LongSupplier> KEYWORDS = keywords();
    private static final long AT_PAGESZ = 6;

    private final UnaryOperator<String> environment;

    IniValue(UnaryOperator<String> environment) {
        this.environment = environment;
    }

    /**
     * The value without variables and keywords.
     *
     * @throws IllegalArgumentException when a sum with a keyword is malformed
     */
    String expand(String value) {
        Matcher matcher = VARIABLE.matcher(value);
        String plain = matcher.replaceAll(match -> Matcher.quoteReplacement(environment.apply(match.group(1))));
        boolean keyword = false;
        for (Map.Entry<String, LongSupplier> entry : KEYWORDS.entrySet()) {
            if (plain.contains(entry.getKey())) {
                plain = plain.replace(
                        entry.getKey(), Long.toString(entry.getValue().getAsLong()));
                keyword = true;
            }
        }
        return keyword && !plain.matches("\\d+") ? Long.toString(new IniSum(plain).value()) : plain;
    }

    private static Map<String, LongSupplier> keywords() {
        Map<String, LongSupplier> map = new LinkedHashMap<>();
        map.put("$pagesize", IniValue::pageBytes);
        map.put("$mb_memory", IniValue::memoryMiB);
        map.put("$ncpus", () -> Runtime.getRuntime().availableProcessors());
        return map;
    }

    private static long memoryMiB() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                        .getTotalMemorySize()
                >> 20;
    }

    /** What the kernel told this process. */
    private static long pageBytes() {
        try {
            ByteBuffer auxv = ByteBuffer.wrap(Files.readAllBytes(Path.of("/proc/self/auxv")))
                    .order(ByteOrder.nativeOrder());
            while (auxv.remaining() >= 2 * Long.BYTES) {
                long type = auxv.getLong();
                long value = auxv.getLong();
                if (type == AT_PAGESZ) {
                    return value;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalArgumentException("$pagesize is unknown on this host: write the number");
    }
}
