package ringside.emulator.block.qcow2.format;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import ringside.emulator.block.InvalidImageException;

/** Reads the first cluster of an image. */
final class HeaderParser {
    private HeaderParser() {}

    static Qcow2Header parse(byte[] cluster, String image) {
        ByteBuffer start = ByteBuffer.wrap(cluster);
        int length = headerLength(start, image);
        byte[] own = Arrays.copyOf(cluster, length);
        long nameAt = start.getLong(Qcow2Layout.BACKING_OFFSET);
        Optional<String> backing = backingFile(start, nameAt, image);
        int extensionsEnd = nameAt == 0 ? cluster.length : (int) nameAt;
        List<HeaderExtension> extensions = extensions(start, length, extensionsEnd, image);
        Qcow2Header header = new Qcow2Header(ByteBuffer.wrap(own), extensions, backing);
        HeaderChecks.check(header, start, image);
        return header;
    }

    private static int headerLength(ByteBuffer start, String image) {
        if (start.getInt(Qcow2Layout.VERSION) == 2) {
            return Qcow2Layout.V2_BYTES;
        }
        int length = start.getInt(Qcow2Layout.HEADER_LENGTH);
        if (length < Qcow2Layout.V3_BYTES || length > start.capacity()) {
            throw new InvalidImageException(
                    image, "has a header of %d bytes, which cannot be".formatted(Integer.toUnsignedLong(length)));
        }
        return length;
    }

    private static Optional<String> backingFile(ByteBuffer start, long at, String image) {
        if (at == 0) {
            return Optional.empty();
        }
        long bytes = Integer.toUnsignedLong(start.getInt(Qcow2Layout.BACKING_SIZE));
        boolean inside = at > 0 && at <= start.capacity() && bytes <= start.capacity() - at;
        if (!inside || bytes > Qcow2Layout.MAX_BACKING_NAME_BYTES) {
            throw new InvalidImageException(
                    image, "has a backing file name of %d bytes at byte %d, which cannot be".formatted(bytes, at));
        }
        byte[] name = new byte[(int) bytes];
        start.get((int) at, name);
        return bytes == 0 ? Optional.empty() : Optional.of(new String(name, StandardCharsets.UTF_8));
    }

    private static List<HeaderExtension> extensions(ByteBuffer start, int from, int end, String image) {
        List<HeaderExtension> extensions = new ArrayList<>();
        int at = from;
        while (at + Qcow2Layout.EXTENSION_HEADER_BYTES <= end) {
            int type = start.getInt(at);
            long length = Integer.toUnsignedLong(start.getInt(at + 4));
            if (type == Qcow2Layout.EXTENSION_END) {
                break;
            }
            at += Qcow2Layout.EXTENSION_HEADER_BYTES;
            if (length > end - at) {
                throw new InvalidImageException(
                        image, "has a header extension 0x%x of %d bytes, which cannot be".formatted(type, length));
            }
            byte[] data = new byte[(int) length];
            start.get(at, data);
            extensions.add(new HeaderExtension(type, data));
            at += (data.length + 7) / 8 * 8;
        }
        return extensions;
    }
}
