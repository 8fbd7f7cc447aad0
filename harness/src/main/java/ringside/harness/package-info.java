/**
 * The harness: suites, forked runs, results, statistics and the command line. Reports may use its results, statistics and
 * service interface.
 */
package ringside.harness;
