/** The statements of the specification as data, and what a test can find out about one. Used by all rooms of the suite. */
package ringside.workloads.conformance.spec;
