/**
 * Where and how: facts about host, JVM and build that go into every result, and what goes on while a run is measured. Used
 * by {@code run}, {@code suite} and {@code cli}.
 */
package ringside.harness.observe;
