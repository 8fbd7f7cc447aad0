/** Where and how: facts about host, JVM and build that go into every result. Used by {@code run} and {@code cli}. */
package ringside.harness.observe;
