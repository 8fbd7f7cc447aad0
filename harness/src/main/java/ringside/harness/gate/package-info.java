/**
 * The gate: baselines as files in git, rules in YAML, and what results say against both. Used by {@code cli}; uses
 * {@code results}, {@code stats} and the YAML reader of {@code suite}.
 */
package ringside.harness.gate;
