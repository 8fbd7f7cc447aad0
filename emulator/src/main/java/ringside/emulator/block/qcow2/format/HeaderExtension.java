package ringside.emulator.block.qcow2.format;

import java.nio.charset.StandardCharsets;

/**
 * A header extension, known or not.
 *
 * @param type number in the image
 * @param data its bytes without padding
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares extensions
public record HeaderExtension(int type, byte[] data) {
    /** An extension that is a text. */
    static HeaderExtension text(int type, String text) {
        return new HeaderExtension(type, text.getBytes(StandardCharsets.UTF_8));
    }

    /** The data as a text. */
    public String text() {
        return new String(data, StandardCharsets.UTF_8);
    }

    /** Bytes in the image: type, length, data, padding to a multiple of 8. */
    int storedBytes() {
        return Qcow2Layout.EXTENSION_HEADER_BYTES + (data.length + 7) / 8 * 8;
    }
}
