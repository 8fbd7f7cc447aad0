package ringside.workloads.job;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Bytes that fill a buffer again and again, in fio's notation: hexadecimal bytes in the order written ({@code 0xdead}),
 * decimal numbers of 32 bits in little-endian without leading zeros ({@code -12}), {@code "text"}, {@code 'file'}, or any
 * of them one after the other. Immutable.
 */
public final class BytePattern {
    /** No pattern. */
    public static final BytePattern NONE = new BytePattern(new byte[0]);

    private static final int MAX_BYTES = 1 << 20;

    private final byte[] bytes;

    private BytePattern(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Whether there is no pattern. */
    public boolean isEmpty() {
        return bytes.length == 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BytePattern pattern && Arrays.equals(bytes, pattern.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Hexadecimal, as {@link #parse} reads it. */
    @Override
    public String toString() {
        return bytes.length == 0 ? "" : "0x" + HexFormat.of().formatHex(bytes);
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException one line, when it is malformed, or its file cannot be read
     */
    static BytePattern parse(String option, String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"' || c == '\'') {
                int end = text.indexOf(c, at + 1);
                if (end < 0) {
                    throw bad(option, text, "has no closing " + c);
                }
                String inner = text.substring(at + 1, end);
                out.writeBytes(c == '"' ? inner.getBytes(StandardCharsets.UTF_8) : file(option, inner));
                at = end + 1;
            } else if (text.regionMatches(true, at, "0x", 0, 2)) {
                at = hex(option, text, at + 2, out);
            } else {
                at = decimal(option, text, at, out);
            }
        }
        if (out.size() == 0 || out.size() > MAX_BYTES) {
            throw bad(option, text, "has " + out.size() + " bytes: it must have 1.." + MAX_BYTES);
        }
        return new BytePattern(out.toByteArray());
    }

    /** Pairs of digits; with an odd number of digits the first one stands alone. */
    private static int hex(String option, String text, int start, ByteArrayOutputStream out) {
        int end = start;
        while (end < text.length() && HexFormat.isHexDigit(text.charAt(end))) {
            boolean next = text.regionMatches(true, end, "0x", 0, 2);
            if (next && end > start) {
                break;
            }
            end++;
        }
        String digits = text.substring(start, end);
        if (digits.isEmpty()) {
            throw bad(option, text, "has no digits behind 0x");
        }
        out.writeBytes(HexFormat.of().parseHex(digits.length() % 2 == 0 ? digits : "0" + digits));
        return end;
    }

    private static int decimal(String option, String text, int start, ByteArrayOutputStream out) {
        int end = text.charAt(start) == '-' ? start + 1 : start;
        while (end < text.length()
                && Character.isDigit(text.charAt(end))
                && !text.regionMatches(true, end, "0x", 0, 2)) {
            end++;
        }
        int value;
        try {
            value = Integer.parseInt(text.substring(start, end));
        } catch (NumberFormatException e) {
            throw bad(option, text, "is no pattern: use 0xHEX, a number of 32 bits, \"text\" or 'file'");
        }
        do {
            out.write(value);
            value >>>= 8;
        } while (value != 0);
        return end;
    }

    private static byte[] file(String option, String name) {
        try {
            byte[] all = Files.readAllBytes(Path.of(name));
            return all.length > MAX_BYTES ? Arrays.copyOf(all, MAX_BYTES) : all;
        } catch (IOException e) {
            throw new IllegalArgumentException(option + ": cannot read the pattern file " + name, e);
        }
    }

    private static IllegalArgumentException bad(String option, String text, String why) {
        return new IllegalArgumentException(option + "=" + text + " " + why);
    }
}
