package ringside.harness.conformance;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import ringside.harness.peer.ServerLaunch;
import ringside.harness.peer.ServerProcess;
import ringside.harness.suite.CommandTemplate;
import ringside.harness.suite.ServerTemplates;
import ringside.workloads.conformance.bench.DeviceConfig;
import ringside.workloads.conformance.bench.DeviceSource;
import ringside.workloads.conformance.bench.DeviceUnderTest;
import ringside.workloads.conformance.bench.TransportKind;
import ringside.workloads.conformance.bench.VhostUserLink;
import ringside.workloads.conformance.target.ServedDevice;
import ringside.workloads.conformance.target.TestImage;

/** vhost-user servers, each started for one device configuration on a temporary image, as far as the template can say it. */
public final class ServerDevices implements DeviceSource {
    private final String name;
    private final CommandTemplate template;
    private final Path folder;

    /**
     * @param server a built-in name or a command line with placeholders
     * @param folder for images and logs
     * @throws ringside.harness.HarnessException when it is neither
     */
    public ServerDevices(String server, Path folder) {
        boolean known = ServerTemplates.all().containsKey(server) || !server.contains(" ");
        this.name = known ? server : "server";
        this.template = known ? ServerTemplates.find(server, Map.of()) : CommandTemplate.parse(server);
        this.folder = folder;
    }

    @Override
    public String describe() {
        return "the vhost-user-blk server " + (name.equals("server") ? template.program() : name);
    }

    @Override
    public TransportKind transport() {
        return TransportKind.VHOST_USER;
    }

    @Override
    public Optional<DeviceUnderTest> open(DeviceConfig config) {
        if (!arrangeable(config)) {
            return Optional.empty();
        }
        TestImage image = TestImage.create(folder);
        ServerProcess server = ServerProcess.start(new ServerLaunch(
                name, template, values(config, image.file()), ServerLaunch.ANY_CPU, folder.resolve("server.log")));
        Optional<Path> visible = template.uses("image") ? Optional.of(image.file()) : Optional.empty();
        return Optional.of(new ServedDevice(new VhostUserLink(server.socket()), visible, () -> {
            server.close();
            image.delete();
        }));
    }

    private boolean arrangeable(DeviceConfig config) {
        boolean readOnly = !config.readOnly() || template.uses("read-only") || template.uses("writable");
        boolean slow = config.slowMs() == 0 || template.uses("latency-ns");
        boolean cache = !config.writethrough() || template.uses("cache");
        boolean inOrder = !config.inOrder() || template.uses("in-order");
        boolean unmaps = config.unmaps() || template.uses("discard");
        return readOnly && slow && cache && inOrder && unmaps && config.configWce();
    }

    private static Map<String, String> values(DeviceConfig config, Path image) {
        Map<String, String> values = new HashMap<>();
        CommandTemplate.PLACEHOLDERS.forEach(placeholder -> values.put(placeholder, "0"));
        values.put("image", image.toString());
        values.put("size", Long.toString(TestImage.BYTES));
        values.put("queues", "2");
        values.put("queue-size", "256");
        values.put("iothreads", "1");
        values.put("cache", config.writethrough() ? "writethrough" : "writeback");
        values.put("aio", "threads");
        values.put("aio-fallback", "on");
        values.put("direct", "off");
        values.put("no-flush", "off");
        values.put("discard", config.unmaps() ? "unmap" : "ignore");
        values.put("read-only", onOff(config.readOnly()));
        values.put("writable", onOff(!config.readOnly()));
        values.put("latency-ns", Long.toString(config.slowMs() * 1_000_000L));
        values.put("read-zeroes", "on");
        values.put("in-order", onOff(config.inOrder()));
        values.put("packed", "on");
        values.put("trace", "counters");
        return values;
    }

    private static String onOff(boolean on) {
        return on ? "on" : "off";
    }

    @Override
    public void close() {
        // Each server goes with its device.
    }
}
