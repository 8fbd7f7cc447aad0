package ringside.workloads.conformance.bench;

/**
 * The device that a test needs. A target that cannot arrange one says so, and the test is skipped with the reason.
 *
 * @param readOnly the image is read-only
 * @param slowMs every request takes so long, 0 for as fast as it goes
 * @param writethrough the storage starts without a write cache
 * @param configWce offer CONFIG_WCE
 * @param inOrder offer IN_ORDER
 * @param unmaps a discard reaches the image
 */
public record DeviceConfig(
        boolean readOnly, int slowMs, boolean writethrough, boolean configWce, boolean inOrder, boolean unmaps) {
    /** What most tests use: a writable image with a write cache and two queues. */
    public static final DeviceConfig DEFAULT = new DeviceConfig(false, 0, false, true, false, true);

    public DeviceConfig asReadOnly() {
        return new DeviceConfig(true, slowMs, writethrough, configWce, inOrder, unmaps);
    }

    public DeviceConfig slow(int ms) {
        return new DeviceConfig(readOnly, ms, writethrough, configWce, inOrder, unmaps);
    }

    public DeviceConfig asWritethrough() {
        return new DeviceConfig(readOnly, slowMs, true, configWce, inOrder, unmaps);
    }

    public DeviceConfig withoutConfigWce() {
        return new DeviceConfig(readOnly, slowMs, writethrough, false, inOrder, unmaps);
    }

    public DeviceConfig asInOrder() {
        return new DeviceConfig(readOnly, slowMs, writethrough, configWce, true, unmaps);
    }

    public DeviceConfig withoutUnmap() {
        return new DeviceConfig(readOnly, slowMs, writethrough, configWce, inOrder, false);
    }

    /** Names what is not the default. */
    public String describe() {
        StringBuilder text = new StringBuilder();
        text.append(readOnly ? " read-only" : "");
        text.append(slowMs > 0 ? " slow" : "");
        text.append(writethrough ? " writethrough" : "");
        text.append(configWce ? "" : " config-wce=off");
        text.append(inOrder ? " in-order" : "");
        text.append(unmaps ? "" : " discard=ignore");
        return text.isEmpty() ? "default" : text.substring(1);
    }
}
