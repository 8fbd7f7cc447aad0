package ringside.emulator.block.qcow2.format;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import ringside.emulator.block.qcow2.format.Qcow2Feature.Kind;

/** The feature name table: entries of kind, bit and 46 bytes of name. */
final class FeatureNames {
    private static final int ENTRY_BYTES = 48;
    private static final int NAME_BYTES = 46;

    private FeatureNames() {}

    /** The table of all bits that we know. */
    static HeaderExtension known() {
        ByteBuffer table = ByteBuffer.allocate(ENTRY_BYTES * Qcow2Feature.values().length);
        for (Qcow2Feature feature : Qcow2Feature.values()) {
            table.put((byte) feature.kind().ordinal()).put((byte) feature.bit());
            byte[] name = feature.label().getBytes(StandardCharsets.US_ASCII);
            table.put(name).position(table.position() + NAME_BYTES - name.length);
        }
        return new HeaderExtension(Qcow2Layout.EXTENSION_FEATURE_NAMES, table.array());
    }

    /** Names for bits, from the image's table where it has them. */
    static String describe(Kind kind, long bits, byte[] table) {
        List<String> names = new ArrayList<>();
        for (int bit = 0; bit < Long.SIZE; bit++) {
            if ((bits >>> bit & 1) != 0) {
                names.add(name(kind, bit, table));
            }
        }
        return String.join(", ", names);
    }

    private static String name(Kind kind, int bit, byte[] table) {
        for (int at = 0; at + ENTRY_BYTES <= table.length; at += ENTRY_BYTES) {
            if (table[at] == kind.ordinal() && table[at + 1] == bit) {
                String name = new String(table, at + 2, NAME_BYTES, StandardCharsets.UTF_8).trim();
                return "'" + name.replaceAll("[\\p{Cntrl}']", "?") + "' (bit " + bit + ")";
            }
        }
        return "bit " + bit;
    }
}
