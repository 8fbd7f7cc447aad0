/**
 * Suites: what varies, what is fixed, how often. YAML in, a validated specification out; every error is one line with
 * file and line. Used by {@code sweep}, {@code run} and {@code cli};
 * {@code gate} reads its rules with the same YAML reader.
 */
package ringside.harness.suite;
