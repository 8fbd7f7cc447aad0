package ringside.harness.results;

import java.util.List;
import java.util.Map;

/**
 * Where and how a result was made.
 *
 * @param host kernel, CPU model, cores, governor, memory, clocksource, mitigations, THP, by name
 * @param jvm vendor, version, flags, collector, by name
 * @param gitRevision revision of Ringside, with {@code -dirty} where it applies, or {@code unknown}
 * @param ringsideVersion version of Ringside
 * @param jvmFlags all flags of the worker, in order
 * @param startedAt start in ISO-8601 with offset
 */
public record Provenance(
        Map<String, String> host,
        Map<String, String> jvm,
        String gitRevision,
        String ringsideVersion,
        List<String> jvmFlags,
        String startedAt) {}
