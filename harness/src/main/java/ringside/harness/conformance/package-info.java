/**
 * The conformance suite as a product: servers started from templates, reports in several formats, and the generated table of
 * the specification's statements. Used by the command line.
 */
package ringside.harness.conformance;
