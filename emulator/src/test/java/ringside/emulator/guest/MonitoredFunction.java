package ringside.emulator.guest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ringside.emulator.pci.InterruptSink;
import ringside.emulator.pci.PciBar;
import ringside.emulator.pci.PciFunction;

/** A bus monitor before a function: writes down each access, and can show a driver another configuration space. */
final class MonitoredFunction implements PciFunction {
    /** An access to a BAR. */
    record Access(boolean write, int bar, long offset, int width, long value) {}

    final List<Access> accesses = new ArrayList<>();
    /** Offsets of configuration space that were written. */
    final List<Integer> configWrites = new ArrayList<>();
    /** Bytes of configuration space that a driver sees instead of the function's. */
    final Map<Integer, Integer> overlay = new HashMap<>();
    /** Values that a load of the common configuration gives instead of the function's. */
    final Map<Long, Long> answers = new HashMap<>();

    private final PciFunction function;

    MonitoredFunction(PciFunction function) {
        this.function = function;
    }

    @Override
    public int configRead(int offset, int widthBytes) {
        int value = function.configRead(offset, widthBytes);
        for (int i = 0; i < widthBytes; i++) {
            Integer other = overlay.get(offset + i);
            if (other != null) {
                value = value & ~(0xff << 8 * i) | other << 8 * i;
            }
        }
        return value;
    }

    @Override
    public void configWrite(int offset, int widthBytes, int value) {
        configWrites.add(offset);
        function.configWrite(offset, widthBytes, value);
    }

    @Override
    public PciBar bar(int index) {
        return function.bar(index);
    }

    @Override
    public long barRead(int bar, long offset, int widthBytes) {
        long value = answers.getOrDefault(offset, function.barRead(bar, offset, widthBytes));
        accesses.add(new Access(false, bar, offset, widthBytes, value));
        return value;
    }

    @Override
    public void barWrite(int bar, long offset, int widthBytes, long value) {
        accesses.add(new Access(true, bar, offset, widthBytes, value));
        function.barWrite(bar, offset, widthBytes, value);
    }

    @Override
    public int vectors() {
        return function.vectors();
    }

    @Override
    public void connect(InterruptSink sink) {
        function.connect(sink);
    }

    @Override
    public boolean intxAsserted() {
        return function.intxAsserted();
    }

    @Override
    public void reset() {
        function.reset();
    }

    @Override
    public void whilePaused(Runnable change) {
        function.whilePaused(change);
    }
}
