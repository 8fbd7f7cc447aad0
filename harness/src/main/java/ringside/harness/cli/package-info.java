/** The command line: {@code ringside}. Nothing else uses it. */
package ringside.harness.cli;
